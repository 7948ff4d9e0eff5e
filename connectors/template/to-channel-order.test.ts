import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { channelOrder, ChannelFault } from '../../src/connector-kit/index.ts';
import { toChannelOrder } from './to-channel-order.ts';

const fixture = readFileSync(new URL('fixtures/order-2026-11-21.json', import.meta.url), 'utf8');

function reasonOf(body: string): unknown {
  try {
    toChannelOrder(body);
  } catch (error) {
    return error instanceof ChannelFault ? error.reason : error;
  }
  return 'translated';
}

describe('an order in our words', () => {
  const order = toChannelOrder(fixture);

  it('is a canonical order with its ids and amounts intact', () => {
    expect(channelOrder.parse(order)).toEqual(order);
    expect(order).toMatchObject({
      externalId: '1234567890123456789',
      version: '5',
      currency: 'EUR',
      totalMinor: 10_250,
      paymentState: 'paid',
      buyerNote: 'Leave it at the harbour office.',
      isClosed: false,
    });
  });

  it('adds up: lines and shipping less discounts, with tax inside', () => {
    const sum = (amounts: readonly { amountMinor: number }[]): number =>
      amounts.reduce((total, { amountMinor }) => total + amountMinor, 0);
    expect(order.pricesIncludeTax).toBe(true);
    expect(sum(order.lines) + sum(order.shipping) - sum(order.discounts)).toBe(order.totalMinor);
  });

  it('keeps the units as sold beside those cancelled and fulfilled', () => {
    const units = order.lines.map((line) => [line.quantity, line.cancelledQuantity, line.fulfilledQuantity]);
    expect(units).toEqual([
      [1, 1, 0],
      [7, 0, 4],
    ]);
  });

  it('shows its package and its refund', () => {
    expect(order.packages).toMatchObject([{ trackingNumber: 'JD0146000', carrier: 'DHL', lines: [{ quantity: 4 }] }]);
    expect(order.refunds).toMatchObject([{ amountMinor: 3_990, state: 'settled' }]);
  });

  it.each([
    ['status', '"status": "open"', '"status": "on_the_moon"', 'on_the_moon'],
    ['payment_status', '"payment_status": "paid"', '"payment_status": "owed"', 'owed'],
    ['packages.status', '"status": "shipped"', '"status": "toString"', 'toString'],
    ['total', '"total": "102.50"', '"total": "102.505"', '102.505'],
  ])('with an unknown %s is a fault that carries it', (field, known, unknown, raw) => {
    expect(fixture).toContain(known);
    expect(reasonOf(fixture.replace(known, unknown))).toEqual({ kind: 'unknown_code', field, raw });
  });

  it('without its items is a fault that names them', () => {
    expect(reasonOf(fixture.replace('"items": [', '"rows": ['))).toMatchObject({
      kind: 'unknown_code',
      field: 'items',
    });
  });
});
