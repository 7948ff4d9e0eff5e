import { minorUnits, splitMinor, type OrderLineId } from '../../kernel/index.ts';

/** All amounts in minor units. `amountMinor` is for the units first sold, before discounts. */
export type ChargedLine = {
  readonly orderLineId: OrderLineId;
  readonly quantity: number;
  readonly amountMinor: number;
  /** Discounts of this line. */
  readonly discountMinor: number;
  readonly taxMinor: number;
};

export type OrderCharges = {
  readonly currency: string;
  readonly pricesIncludeTax: boolean;
  readonly totalMinor: number;
  readonly shippingMinor: number;
  readonly shippingTaxMinor: number;
  /** Discounts that name no line. */
  readonly looseDiscountsMinor: readonly number[];
  readonly lines: readonly ChargedLine[];
};

/** What was charged for each line and for shipping: sums to the order's total. */
export type ChargeValues = { readonly lines: ReadonlyMap<OrderLineId, number>; readonly shippingMinor: number };

/**
 * Deals the order's total out: a line's amount less its discounts, with its tax where prices exclude it. A discount that
 * names no line is free shipping where it equals the shipping, else it is dealt over the lines by what they cost, and what
 * they cannot bear over shipping. The residual is dealt over everything, so that paying back everything pays back the total.
 */
export function chargeValues(charges: OrderCharges): ChargeValues {
  const added = (tax: number): number => (charges.pricesIncludeTax ? 0 : tax);
  const own = charges.lines.map((line) => line.amountMinor - line.discountMinor + added(line.taxMinor));
  const { offLines, offShipping } = looseDiscounts(charges, positive(own));
  const lessLoose = deal(own, -offLines);
  const shipping = charges.shippingMinor + added(charges.shippingTaxMinor) - offShipping;
  const residual = charges.totalMinor - sum([...lessLoose, shipping]);
  const dealt = deal([...lessLoose, shipping], residual);
  return {
    lines: new Map(charges.lines.map((line, index) => [line.orderLineId, dealt[index] ?? 0])),
    shippingMinor: dealt.at(-1) ?? 0,
  };
}

function looseDiscounts(
  { looseDiscountsMinor, shippingMinor }: OrderCharges,
  linesBear: readonly number[],
): { offLines: number; offShipping: number } {
  const free = shippingMinor > 0 ? looseDiscountsMinor.indexOf(shippingMinor) : -1;
  const ofLines = sum(looseDiscountsMinor.filter((_, index) => index !== free));
  const offLines = Math.min(ofLines, sum(linesBear));
  return { offLines, offShipping: ofLines - offLines + (free >= 0 ? shippingMinor : 0) };
}

/** Adds an amount to values in proportion to them; negative ones bear nothing. */
function deal(values: readonly number[], amount: number): number[] {
  if (values.length === 0 || amount === 0) return [...values];
  const shares = splitMinor(amount, positive(values));
  return values.map((value, index) => minorUnits(value + (shares[index] ?? 0)));
}

function positive(values: readonly number[]): number[] {
  return values.map((value) => Math.max(0, value));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => minorUnits(total + value), 0);
}
