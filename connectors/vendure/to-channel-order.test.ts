import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { channelOrder, type ChannelOrder } from '../../src/connector-kit/index.ts';
import { toChannelOrder } from './to-channel-order.ts';

const fixtures = [
  'net-coupon',
  'net-partly-shipped',
  'net-partly-cancelled',
  'net-cancelled-partly-refunded',
  'authorised',
  'gross-coupon',
  'gross-delivered',
  'modifying',
  'modified-with-surcharges',
] as const;
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

describe('an order of Vendure in our words', () => {
  it.each(fixtures)('adds up without a residual: %s', (name) => {
    const { totalMinor, lines, shipping, discounts } = order(name);
    expect(sum(lines) + sum(shipping) - sum(discounts)).toBe(totalMinor);
  });

  it('has the total that the buyer paid, before and after cancels', () => {
    expect(order('net-coupon').totalMinor).toBe(14_167);
    expect(order('gross-coupon').totalMinor).toBe(11_347);
    // The same basket as net-coupon, sent by the cheaper service.
    const cheaper = 14_167 - 1_535 + 583;
    expect(order('net-partly-cancelled')).toMatchObject({ totalMinor: cheaper, amountsAreReduced: true });
    expect(order('net-cancelled-partly-refunded')).toMatchObject({ totalMinor: cheaper, amountsAreReduced: true });
  });

  it('takes the discount of a line from its two prices where the rounded rows do not sum to it', () => {
    const honey = order('net-coupon').discounts.find((row) => row.amountMinor === 341);
    expect(honey).toMatchObject({ code: 'SAVE10', title: 'Ten per cent off', fundedBy: 'seller' });
    expect(body('net-coupon')).toContain('"amountWithTax": -340');
  });

  it('counts the tax of what was paid, by rate', () => {
    const taxes = order('net-coupon').lines.flatMap((line) => line.taxes);
    const byRate = (rate: string): number => sum(taxes.filter((tax) => tax.ratePercent === rate));
    // As Vendure's own taxSummary of this order.
    expect([byRate('19'), byRate('7')]).toEqual([1_608, 167]);
  });

  it('keeps units and amounts of lines as first sold when they are cancelled', () => {
    const whole = order('net-cancelled-partly-refunded');
    const lines = order('net-coupon').lines.map(({ sku, quantity, amountMinor }) => ({ sku, quantity, amountMinor }));
    expect(whole.lines.map(({ sku, quantity, amountMinor }) => ({ sku, quantity, amountMinor }))).toEqual(
      expect.arrayContaining(lines),
    );
    expect(whole.lines.every((line) => line.cancelledQuantity === line.quantity)).toBe(true);
    expect(whole).toMatchObject({ cancelReason: 'cancelled by the merchant', isClosed: false });
    expect(whole.refunds).toMatchObject([{ amountMinor: 500, state: 'settled' }]);
  });

  it('shows parcels with their tracking numbers and the units in them as fulfilled', () => {
    const partly = order('net-partly-shipped');
    expect(partly.packages).toMatchObject([{ trackingNumber: 'JD0146000', carrier: 'DHL', state: 'shipped' }]);
    expect(sum(partly.lines.map((line) => ({ amountMinor: line.fulfilledQuantity })))).toBe(1);
    expect(partly.isClosed).toBe(false);
    expect(order('gross-delivered')).toMatchObject({ isClosed: true, packages: [{ state: 'delivered' }] });
  });

  it('says what is paid, when, and what is only promised', () => {
    expect(order('authorised')).toMatchObject({ paymentState: 'authorised', paidAt: null });
    const paid = order('net-coupon');
    expect(paid).toMatchObject({ paymentState: 'paid', payments: [{ state: 'paid', amountMinor: 14_167 }] });
    expect(paid.paidAt).toBe(paid.payments[0]?.paidAt);
    // Edited to more than was paid: the rest is owed.
    expect(order('modified-with-surcharges').paymentState).toBe('unpaid');
  });

  it('waits while the merchant edits the order, and shows what was added', () => {
    expect(order('modifying').holds).toEqual(['approval']);
    const edited = order('modified-with-surcharges');
    expect(edited.lines.map((line) => line.quantity)).toEqual([2, 1]);
    expect(edited.shipping.map((row) => row.title)).toContain('Gift wrap');
    expect(edited.discounts).toMatchObject([{ title: 'Goodwill', amountMinor: 300, lineExternalId: null }]);
  });

  it('has the receiver with the buyer’s mail and phone', () => {
    expect(order('gross-coupon').receiver?.address).toMatchObject({
      name: 'Gesa Gäst',
      email: 'buyer@example.com',
      phone: '+49 40 5550100',
      countryCode: 'DE',
      lines: ['Hafenstraße 700'],
    });
  });

  it('is refused with the raw value when a state is not known', () => {
    const custom = body('authorised').replace('"state": "PaymentAuthorized"', '"state": "AwaitingCrane"');
    expect(() => toChannelOrder(custom)).toThrow('unknown order.state from the channel: AwaitingCrane');
  });
});
