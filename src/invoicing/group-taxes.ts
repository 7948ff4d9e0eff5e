import { compareBytes, groupBy, minorUnits, splitMinor } from '../kernel/index.ts';
import type { TaxGroup } from './content.ts';

export type TaxedAmount = {
  /** Less what was taken off this line alone. */
  readonly amountMinor: number;
  readonly taxes: readonly {
    readonly title: string;
    readonly ratePercent: string | null;
    readonly amountMinor: number;
  }[];
  /** Shipping does not share the discounts of the whole order. */
  readonly sharesDiscounts: boolean;
};

/**
 * Lines and shipping by what they are taxed with. Net is without tax and after discounts; those of the whole order are shared
 * by the lines in proportion. Σ net + Σ tax = lines + shipping + (tax where prices exclude it) − discounts, to the minor unit.
 */
export function groupTaxes(
  amounts: readonly TaxedAmount[],
  orderDiscountMinor: number,
  pricesIncludeTax: boolean,
): TaxGroup[] {
  const shares = discountShares(amounts, orderDiscountMinor);
  const nets = amounts.map((amount, index) => {
    const tax = amount.taxes.reduce((sum, each) => sum + each.amountMinor, 0);
    return { taxes: amount.taxes, netMinor: amount.amountMinor - (shares[index] ?? 0) - (pricesIncludeTax ? tax : 0) };
  });
  const groups = [...groupBy(nets, ({ taxes }) => keyOf(taxes))];
  return groups
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([, members]) => ({
      netMinor: minorUnits(sum(members.map((each) => each.netMinor)), 'net'),
      taxes: sumTaxes(members.flatMap((each) => each.taxes)),
    }));
}

function discountShares(amounts: readonly TaxedAmount[], discountMinor: number): number[] {
  if (discountMinor === 0 || amounts.length === 0) return amounts.map(() => 0);
  const sharing = amounts.some((each) => each.sharesDiscounts && each.amountMinor > 0);
  const weights = amounts.map((each) => (sharing && !each.sharesDiscounts ? 0 : Math.max(0, each.amountMinor)));
  return splitMinor(discountMinor, weights);
}

function sumTaxes(taxes: TaxedAmount['taxes']): TaxGroup['taxes'] {
  return [...groupBy(taxes, keyOfTax).values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const taxMinor = minorUnits(sum(same.map((tax) => tax.amountMinor)), 'tax');
    return [{ title: first.title, ratePercent: plainRate(first.ratePercent), taxMinor }];
  });
}

function keyOf(taxes: TaxedAmount['taxes']): string {
  return [...new Set(taxes.map(keyOfTax))].sort(compareBytes).join('\n');
}

function keyOfTax(tax: { readonly title: string; readonly ratePercent: string | null }): string {
  return `${plainRate(tax.ratePercent) ?? ''} ${tax.title}`;
}

/** `19.0000` as numeric(9,4) tells it is 19. */
export function plainRate(rate: string | null): string | null {
  if (rate === null || !rate.includes('.')) return rate;
  return rate.replace(/\.?0+$/, '');
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
