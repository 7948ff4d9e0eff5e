import type { ChannelDiscount } from '../../src/connector-kit/index.ts';
import { formatDecimal, parseDecimal, subtractDecimal, type Decimal } from '../../src/kernel/index.ts';
import { roundSum, roundTogether, sumDecimals } from './round-together.ts';
import type { WireItem, WireShippingMethod } from './wire.ts';

export type SoldOrder = {
  readonly currency: string;
  readonly items: readonly WireItem[];
  readonly shipping: readonly WireShippingMethod[];
};

export type SoldAmounts = {
  /** What was charged, with every decimal that Medusa has: "92.86522". */
  readonly chargedTotal: string;
  readonly totalMinor: number;
  /** By id of the line or the shipping method; with tax, before discounts. */
  readonly minorById: ReadonlyMap<string, number>;
  readonly discounts: readonly ChannelDiscount[];
};

type Discount = Omit<ChannelDiscount, 'amountMinor'> & { readonly exact: Decimal };

/**
 * Medusa rounds nothing: 92.86522 EUR is authorised and captured. The order's total is that, rounded once; lines, shipping
 * and discounts are rounded together so that they sum to it. All are taken with tax, because a line may include it in its
 * price while its neighbour does not, and only with it Σ items + shipping is the total. Credit lines are left out: Medusa
 * writes one for each refund, and the rest are a way to pay.
 */
export function amountsOf({ currency, items, shipping }: SoldOrder): SoldAmounts {
  const priced = [...items, ...shipping];
  const discounts = [
    ...items.flatMap((item) => discountsOf(item, item.id)),
    ...shipping.flatMap((method) => discountsOf(method, null)),
  ];
  const exact = [
    ...priced.map((row) => parseDecimal(row.raw_original_total)),
    ...discounts.map((row) => negate(row.exact)),
  ];
  const minor = roundTogether(exact, currency);
  const charged = priced.map((row) => parseDecimal(row.raw_total));
  return {
    chargedTotal: plainText(sumDecimals(charged)),
    totalMinor: roundSum(charged, currency),
    minorById: new Map(priced.map((row, index) => [row.id, minor[index] ?? 0])),
    discounts: discounts
      .map(({ exact: _exact, ...row }, index) => ({ ...row, amountMinor: -(minor[priced.length + index] ?? 0) }))
      .filter((row) => row.amountMinor !== 0),
  };
}

/** The truth is the difference of the two totals; the largest adjustment takes what the rows do not explain of it. */
function discountsOf(row: WireItem | WireShippingMethod, lineExternalId: string | null): Discount[] {
  const total = subtractDecimal(parseDecimal(row.raw_original_total), parseDecimal(row.raw_total));
  const named = row.adjustments.map((adjustment) => ({
    code: adjustment.code ?? null,
    title: adjustment.description ?? adjustment.code ?? 'discount',
    fundedBy: 'seller' as const,
    lineExternalId,
    exact: parseDecimal(adjustment.raw_total),
  }));
  const rest = subtractDecimal(total, sumDecimals(named.map(({ exact }) => exact)));
  if (rest.units === 0n) return named;
  const [largest, ...others] = named.toSorted((a, b) => Number(subtractDecimal(b.exact, a.exact).units));
  if (largest === undefined) {
    return [{ code: null, title: 'discount', fundedBy: 'seller', lineExternalId, exact: total }];
  }
  return [{ ...largest, exact: sumDecimals([largest.exact, rest]) }, ...others];
}

function negate(value: Decimal): Decimal {
  return { ...value, units: -value.units };
}

function plainText(value: Decimal): string {
  const text = formatDecimal(value);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
