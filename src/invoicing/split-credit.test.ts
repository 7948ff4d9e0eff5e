import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invoiceContentOf } from '../../test/support/factories/invoice-content.ts';
import type { InvoiceContent } from './content.ts';
import { groupTaxes, plainRate } from './group-taxes.ts';
import { splitCredit } from './split-credit.ts';

const amount = fc.integer({ min: 0, max: 5_000_000 });
const group = fc.record({
  netMinor: amount,
  taxes: fc.array(fc.record({ title: fc.constant('VAT'), ratePercent: fc.constant('19'), taxMinor: amount }), {
    maxLength: 3,
  }),
});

/** An invoice of any groups, its residual from far below nothing to above it, that costs something. */
const invoice = fc
  .tuple(fc.array(group, { minLength: 1, maxLength: 4 }), fc.integer({ min: -500, max: 500 }))
  .map(([taxGroups, residual]) => {
    const parts = taxGroups.flatMap(({ netMinor, taxes }) => [netMinor, ...taxes.map((tax) => tax.taxMinor)]);
    const residualMinor = Math.max(residual, -Math.max(...parts));
    const totalMinor = parts.reduce((sum, part) => sum + part, 0) + residualMinor;
    return invoiceContentOf({ taxGroups, residualMinor, totalMinor });
  })
  .filter((content) => content.totalMinor > 0);

const partsOf = ({ groups, residualMinor }: ReturnType<typeof splitCredit>): number[] => [
  ...groups.flatMap((each) => [each.netMinor, ...each.taxes.map((tax) => tax.taxMinor)]),
  residualMinor,
];
const sum = (amounts: readonly number[]): number => amounts.reduce((total, each) => total + each, 0);

/** The notes of an invoice that is credited up to each of these points, one after another, and then whole. */
function notesOf(content: InvoiceContent, cuts: readonly number[]): number[][] {
  const points = [...new Set([...cuts.map((cut) => 1 + (cut % content.totalMinor)), content.totalMinor])].sort(
    (a, b) => a - b,
  );
  return points.map((upTo, index) => partsOf(splitCredit(content, points[index - 1] ?? 0, upTo)));
}

describe('credit notes', () => {
  it('each sum to what they credit, take nothing below zero, and together give back the invoice', () => {
    fc.assert(
      fc.property(invoice, fc.array(fc.nat(20_000_000), { maxLength: 6 }), (content, cuts) => {
        const notes = notesOf(content, cuts);
        expect(sum(notes.map(sum))).toBe(content.totalMinor);
        if (notes.length > 1) expect(notes.flat().every((part) => part >= 0)).toBe(true);
        const whole = partsOf(splitCredit(content, 0, content.totalMinor));
        const together = whole.map((_, place) => sum(notes.map((note) => note[place] ?? 0)));
        if (content.residualMinor >= 0) expect(together).toEqual(whole);
        else expect(sum(together)).toBe(sum(whole));
      }),
      { numRuns: 2_000 },
    );
  });

  it('of the same stretch are the same, however the rest was credited', () => {
    fc.assert(
      fc.property(invoice, fc.nat(), fc.nat(), fc.nat(), (content, a, b, c) => {
        const [low = 0, middle = 0, high = 0] = [a, b, c]
          .map((each) => each % (content.totalMinor + 1))
          .sort((x, y) => x - y);
        fc.pre(low < middle && middle < high && !(low === 0 && high === content.totalMinor));
        const parts = (before: number, upTo: number) => partsOf(splitCredit(content, before, upTo));
        const [first, second] = [parts(low, middle), parts(middle, high)];
        expect(parts(low, high)).toEqual(first.map((part, place) => part + (second[place] ?? 0)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('beyond the total, or of nothing, are refused; a share of a negative part too', () => {
    const content = invoiceContentOf();
    for (const [before, upTo] of [
      [0, 1_001],
      [500, 500],
      [-1, 5],
    ] as const) {
      expect(() => splitCredit(content, before, upTo)).toThrow(
        expect.objectContaining({ code: 'invoice.credited_too_much' }),
      );
    }
    const odd = invoiceContentOf({
      taxGroups: [
        { netMinor: -5, taxes: [] },
        { netMinor: 1_005, taxes: [] },
      ],
    });
    expect(() => splitCredit(odd, 0, 10)).toThrow(expect.objectContaining({ code: 'invoice.cannot_be_divided' }));
    expect(splitCredit(odd, 0, 1_000).groups).toEqual(odd.taxGroups);
  });
});

describe('taxes by rate', () => {
  const tax = fc.record({
    title: fc.constantFrom('VAT', 'County'),
    ratePercent: fc.constantFrom('19.0000', '7', null),
    amountMinor: fc.nat(9_999),
  });
  const taxed = fc.record({
    amountMinor: fc.nat(999_999),
    taxes: fc.array(tax, { maxLength: 2 }),
    sharesDiscounts: fc.boolean(),
  });

  it('sum to the taxes, and with the net to the lines less the discounts', () => {
    fc.assert(
      fc.property(
        fc.array(taxed, { minLength: 1, maxLength: 8 }),
        fc.nat(50_000),
        fc.boolean(),
        (amounts, discount, included) => {
          const groups = groupTaxes(amounts, discount, included);
          const taxes = sum(amounts.flatMap((each) => each.taxes.map((one) => one.amountMinor)));
          expect(sum(groups.flatMap((each) => each.taxes.map((one) => one.taxMinor)))).toBe(taxes);
          const gross = sum(amounts.map((each) => each.amountMinor)) - discount + (included ? 0 : taxes);
          expect(sum(groups.map((each) => each.netMinor)) + taxes).toBe(gross);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('are one row a rate, however the channel writes it', () => {
    const line = (ratePercent: string, amountMinor: number) => ({
      amountMinor: 1_190,
      taxes: [{ title: 'VAT', ratePercent, amountMinor }],
      sharesDiscounts: true,
    });
    expect(groupTaxes([line('19.0000', 190), line('19', 190), line('7', 78)], 0, true)).toEqual([
      { netMinor: 2_000, taxes: [{ title: 'VAT', ratePercent: '19', taxMinor: 380 }] },
      { netMinor: 1_112, taxes: [{ title: 'VAT', ratePercent: '7', taxMinor: 78 }] },
    ]);
    expect(['10.7500', '100', '20', null].map(plainRate)).toEqual(['10.75', '100', '20', null]);
  });
});
