import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { channelOrder, ChannelFault, parseLossless, stringifyLossless } from '../../src/connector-kit/index.ts';
import { plainDialect, toDocument } from './dialect.ts';
import { toChannelOrder } from './plants/plain-order.ts';

const fixture = readFileSync(new URL('fixtures/order-2026-11-21.json', import.meta.url), 'utf8');

function reasonOf(body: string): unknown {
  try {
    toChannelOrder(body);
  } catch (error) {
    return error instanceof ChannelFault ? error.reason : error;
  }
  return 'translated';
}

describe('an order of the sandbox', () => {
  const order = toChannelOrder(fixture);

  it('is a canonical order with its ids and amounts intact', () => {
    expect(channelOrder.parse(order)).toEqual(order);
    expect(order).toMatchObject({
      externalId: '90000000001000000038',
      number: 'S1001',
      version: '4',
      currency: 'EUR',
      pricesIncludeTax: false,
      totalMinor: 14_027,
      paymentState: 'paid',
      paidAt: '2026-11-21T09:14:03.000Z',
      holds: ['fraud'],
      buyerNote: '请放在门卫处。',
      isClosed: false,
    });
  });

  it('adds up: lines, shipping and tax less discounts', () => {
    const taxes = [...order.lines, ...order.shipping].flatMap((part) => part.taxes);
    const sum = (amounts: readonly { amountMinor: number }[]): number =>
      amounts.reduce((total, { amountMinor }) => total + amountMinor, 0);
    expect(sum(order.lines) + sum(order.shipping) + sum(taxes) - sum(order.discounts)).toBe(order.totalMinor);
  });

  it('keeps the units as sold beside those cancelled and fulfilled', () => {
    expect(
      order.lines.map(({ quantity, cancelledQuantity, fulfilledQuantity, isGift }) => [
        quantity,
        cancelledQuantity,
        fulfilledQuantity,
        isGift,
      ]),
    ).toEqual([
      [3, 1, 2, false],
      [1, 0, 0, true],
    ]);
  });

  it('says who funds each discount and which line it belongs to', () => {
    expect(
      order.discounts.map(({ amountMinor, fundedBy, lineExternalId }) => [amountMinor, fundedBy, lineExternalId]),
    ).toEqual([
      [500, 'seller', '90000000001000000036'],
      [1322, 'seller', null],
      [101, 'platform', null],
    ]);
  });

  it('shows its package and its refund', () => {
    expect(order.packages).toMatchObject([{ trackingNumber: 'JJD000390007', carrier: 'DHL', state: 'shipped' }]);
    expect(order.refunds).toMatchObject([{ amountMinor: 3990, state: 'settled', lines: [{ quantity: 1 }] }]);
  });

  it('shows what the buyer sends back, and none in a document from before the shop knew returns', () => {
    const asked = { id: 7, status: 'arrived', reason: '', created_at: '2026-11-22T09:00:00Z' };
    const returns = [
      { ...asked, lines: [{ line_id: 8, quantity: 1 }] },
      { ...asked, id: 9, status: 'lost', lines: [] },
    ];
    const body = (rows: unknown[]): string => fixture.replace(/^\{/, `{"returns": ${JSON.stringify(rows)},`);
    expect(toChannelOrder(body(returns.slice(0, 1))).returns).toEqual([
      {
        externalId: '7',
        state: 'received',
        reason: null,
        at: '2026-11-22T09:00:00Z',
        lines: [{ lineExternalId: '8', quantity: 1 }],
      },
    ]);
    expect(order.returns).toEqual([]);
    expect(reasonOf(body(returns))).toEqual({ kind: 'unknown_code', field: 'returns.status', raw: 'lost' });
  });

  it('translates alike from a stored document, where digits have become text', () => {
    const document = toDocument(plainDialect, parseLossless(fixture));
    expect(document.externalId).toBe('90000000001000000038');
    expect(toChannelOrder(document.body)).toEqual(order);
    expect(stringifyLossless(parseLossless(document.body))).toBe(document.body);
  });

  it.each([
    ['payment_status', /"payment_status": ?"partially_refunded"/, '"payment_status":"owed"', 'owed'],
    ['risk', /"risk": ?"review"/, '"risk":"purple"', 'purple'],
    ['fulfilments.status', /"status": ?"shipped"/, '"status":"toString"', 'toString'],
    ['discounts.funded_by', /"funded_by": ?"platform"/, '"funded_by":"bank"', 'bank'],
    ['total', /"total": ?140.27/, '"total":140.271', '140.271'],
  ])('with an unknown %s is a fault that carries it', (field, pattern, replacement, raw) => {
    expect(fixture).toMatch(pattern);
    expect(reasonOf(fixture.replace(pattern, replacement))).toEqual({ kind: 'unknown_code', field, raw });
  });

  it('without its lines is a fault that names them', () => {
    expect(reasonOf(fixture.replace(/"lines": ?\[/, '"rows":['))).toMatchObject({
      kind: 'unknown_code',
      field: 'lines',
    });
  });
});
