import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { channelOrder, type ChannelOrder } from '../../src/connector-kit/index.ts';
import { toChannelOrder } from './to-channel-order.ts';

const fixtures = ['partly-shipped-and-refunded', 'cancelled-when-paid', 'edited'] as const;
type Fixture = (typeof fixtures)[number];

function body(name: Fixture): string {
  return readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8');
}

function order(name: Fixture): ChannelOrder {
  return channelOrder.parse(toChannelOrder(body(name)));
}

function sum(rows: readonly { readonly amountMinor: number }[]): number {
  return rows.reduce((total, row) => total + row.amountMinor, 0);
}

describe('an order of Medusa in our words', () => {
  it.each(fixtures)('adds up without a residual: %s', (name) => {
    const { totalMinor, lines, shipping, discounts } = order(name);
    expect(sum(lines) + sum(shipping) - sum(discounts)).toBe(totalMinor);
  });

  it('keeps what was charged with every decimal, and is rounded once', () => {
    const { chargedTotal, totalMinor, lines, shipping, discounts } = order('partly-shipped-and-refunded');
    expect([chargedTotal, totalMinor]).toEqual(['92.86522', 9_287]);
    // Exactly 47.5762, 28.3815 and 10.6981; 14.875; 4.75762, 2.83815 and 1.06981.
    expect(lines.map((line) => line.amountMinor).toSorted((a, b) => a - b)).toEqual([1_070, 2_838, 4_758]);
    expect(shipping.map((line) => line.amountMinor)).toEqual([1_488]);
    expect(discounts.map((row) => row.amountMinor).toSorted((a, b) => a - b)).toEqual([107, 284, 476]);
    expect(discounts.every((row) => row.code === 'SAVE10')).toBe(true);
  });

  it('keeps the sale when Medusa’s own total is lowered by refunds and cancels', () => {
    expect(body('partly-shipped-and-refunded')).toContain('"total": -0.00478');
    const cancelled = order('cancelled-when-paid');
    expect(cancelled).toMatchObject({ chargedTotal: '84.30436', totalMinor: 8_430, isClosed: true });
    expect(cancelled.cancelledAt).not.toBeNull();
    expect(cancelled.lines.every((line) => line.cancelledQuantity === line.quantity)).toBe(true);
    expect(cancelled.refunds).toMatchObject([{ amountMinor: 8_430, state: 'settled' }]);
  });

  it('shows refunds as what each adds to the rounded sum, without our mark', () => {
    const { refunds, paymentState, payments } = order('partly-shipped-and-refunded');
    expect(refunds.map((row) => [row.amountMinor, row.reason])).toEqual([
      [150, 'x'],
      [9_137, null],
    ]);
    expect(paymentState).toBe('paid');
    expect(payments).toMatchObject([{ state: 'paid', amountMinor: 9_287 }]);
  });

  it('shows a parcel with its tracking number, and only its units as fulfilled', () => {
    const { packages, lines, isClosed } = order('partly-shipped-and-refunded');
    expect(packages).toMatchObject([{ trackingNumber: 'T1', state: 'shipped' }]);
    expect(packages[0]?.lines).toMatchObject([{ quantity: 1 }]);
    expect(lines.reduce((units, line) => units + line.fulfilledQuantity, 0)).toBe(1);
    expect(isClosed, 'units are still to be shipped').toBe(false);
  });

  it('shows units that an edit took away as cancelled, and the payment that the edit voided', () => {
    const edited = order('edited');
    const units = new Map(edited.lines.map((line) => [line.sku, [line.quantity, line.cancelledQuantity]]));
    expect(units).toEqual(
      new Map([
        ['CF-250', [3, 2]],
        ['MUG-BLU', [1, 0]],
        ['TS-BLK-M', [2, 2]],
      ]),
    );
    expect(edited).toMatchObject({ chargedTotal: '101.5308', totalMinor: 10_153, paymentState: 'unpaid' });
    expect(edited.payments).toMatchObject([{ state: 'cancelled' }]);
  });

  it('has the receiver with the buyer’s mail and phone', () => {
    expect(order('edited').receiver?.address).toMatchObject({
      name: 'Greta Gäst',
      email: 'buyer@example.com',
      phone: '+49 30 123456',
      countryCode: 'DE',
      lines: ['Hauptstraße 5'],
    });
  });

  it('is refused with the raw value when its status is not known', () => {
    const custom = body('edited').replace('"status": "pending"', '"status": "beached"');
    expect(() => toChannelOrder(custom)).toThrow('unknown order.status from the channel: beached');
  });
});
