import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { soldLine, soldOrder } from '../../../test/support/factories/channel-order.ts';
import { buyerPaidMinor, moneyOf, refundedMinor } from './order-money.ts';

const tax = (amountMinor: number) => ({ title: 'Tax', ratePercent: null, amountMinor });
const amount = fc.integer({ min: -1_000_000, max: 1_000_000_000 });

describe('the money of an order', () => {
  it('is what the channel charged: 24.99 at 10.75 % and 6.44 make 34.12, with the cent of a tax cut short as residual', () => {
    const of = (taxMinor: number) =>
      moneyOf(
        soldOrder('o', {
          pricesIncludeTax: false,
          lines: [soldLine('1', { amountMinor: 2_499, taxes: [tax(taxMinor)] })],
          shipping: [{ externalId: 's', title: 'Ground', amountMinor: 644, taxes: [] }],
          totalMinor: 3_412,
        }),
      );
    expect(of(269)).toMatchObject({ totalMinor: 3_412, taxMinor: 269, residualMinor: 0 });
    expect(of(268)).toMatchObject({ totalMinor: 3_412, taxMinor: 268, residualMinor: 1 });
  });

  it('adds tax only where prices exclude it', () => {
    const lines = [soldLine('1', { amountMinor: 1_190, taxes: [tax(190)] })];
    expect(moneyOf(soldOrder('o', { lines, pricesIncludeTax: true }))).toMatchObject({
      taxMinor: 190,
      residualMinor: 0,
    });
    expect(moneyOf(soldOrder('o', { lines, pricesIncludeTax: false }))).toMatchObject({
      taxMinor: 190,
      residualMinor: -190,
    });
  });

  it('adds what the platform funded to the receivable', () => {
    const discount = { code: null, title: 'Sale', lineExternalId: null };
    const order = soldOrder('o', {
      totalMinor: 700,
      discounts: [
        { ...discount, amountMinor: 200, fundedBy: 'platform' },
        { ...discount, amountMinor: 100, fundedBy: 'seller' },
      ],
    });
    expect(moneyOf(order)).toMatchObject({ discountMinor: 300, receivableMinor: 900, residualMinor: 0 });
  });

  it('holds the total equation for every order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(amount, amount), { minLength: 1, maxLength: 6 }),
        fc.array(amount),
        fc.array(amount),
        amount,
        fc.boolean(),
        (lines, shipping, discounts, totalMinor, pricesIncludeTax) => {
          const money = moneyOf(
            soldOrder('o', {
              pricesIncludeTax,
              totalMinor,
              lines: lines.map(([amountMinor, taxMinor], index) =>
                soldLine(`${index}`, { amountMinor, taxes: [tax(taxMinor)] }),
              ),
              shipping: shipping.map((amountMinor, index) => ({
                externalId: `${index}`,
                title: '',
                amountMinor,
                taxes: [],
              })),
              discounts: discounts.map((amountMinor) => ({
                code: null,
                title: '',
                amountMinor,
                fundedBy: 'seller',
                lineExternalId: null,
              })),
            }),
          );
          const taxed = pricesIncludeTax ? 0 : money.taxMinor;
          expect(money.linesMinor + money.shippingMinor + taxed - money.discountMinor + money.residualMinor).toBe(
            totalMinor,
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('refuses sums that a number cannot hold', () => {
    const lines = [soldLine('1', { amountMinor: Number.MAX_SAFE_INTEGER }), soldLine('2', { amountMinor: 1 })];
    expect(() => moneyOf(soldOrder('o', { lines, totalMinor: 0 }))).toThrow('not a whole, exactly held number');
  });

  it('counts payments made and refunds that have not failed', () => {
    const payment = { method: 'card', paidAt: null };
    const refund = { paymentExternalId: null, reason: null, at: null, lines: [] };
    const order = soldOrder('o', {
      payments: [
        { ...payment, externalId: '1', state: 'paid', amountMinor: 400 },
        { ...payment, externalId: '2', state: 'authorised', amountMinor: 600 },
      ],
      refunds: [
        { ...refund, externalId: '1', state: 'settled', amountMinor: 100 },
        { ...refund, externalId: '2', state: 'pending', amountMinor: 50 },
        { ...refund, externalId: '3', state: 'failed', amountMinor: 25 },
      ],
    });
    expect([buyerPaidMinor(order), refundedMinor(order)]).toEqual([400, 150]);
    expect(buyerPaidMinor(soldOrder('o'))).toBe(1_000);
    expect(buyerPaidMinor(soldOrder('o', { paymentState: 'unpaid' }))).toBe(0);
  });
});
