import type { ChannelDiscount, ChannelShippingLine } from '../../src/connector-kit/index.ts';
import { toDiscount } from './order-lines.ts';
import type { WireOrder, WireShippingLine } from './wire.ts';

/** The adjustment with which `cancelOrder(cancelShipping: true)` takes the shipping back: not a discount of the sale. */
const shippingCancel = 'CANCEL_ORDER';

export function isShippingCancelled(line: WireShippingLine): boolean {
  return line.discounts.some((discount) => discount.adjustmentSource === shippingCancel);
}

/**
 * Shipping, and surcharges above zero as rows of the same kind: both are charges that no goods stand behind. A surcharge
 * below zero is a discount.
 */
export function toShipping(order: WireOrder): ChannelShippingLine[] {
  const shipping = order.shippingLines.map((line) => ({
    externalId: line.id,
    title: line.shippingMethod.name,
    amountMinor: line.priceWithTax,
    taxes: chargeTaxes('shipping tax', null, line.discountedPriceWithTax - line.discountedPrice),
  }));
  const surcharges = order.surcharges
    .filter((surcharge) => surcharge.priceWithTax >= 0)
    .map((surcharge) => ({
      externalId: `surcharge:${surcharge.id}`,
      title: surcharge.description,
      amountMinor: surcharge.priceWithTax,
      taxes: chargeTaxes(surcharge.description, String(surcharge.taxRate), surcharge.priceWithTax - surcharge.price),
    }));
  return [...shipping, ...surcharges];
}

function chargeTaxes(title: string, ratePercent: string | null, amountMinor: number): ChannelShippingLine['taxes'] {
  return amountMinor === 0 ? [] : [{ title, ratePercent, amountMinor }];
}

export function chargeDiscounts(order: WireOrder): ChannelDiscount[] {
  const surcharges = order.surcharges
    .filter((surcharge) => surcharge.priceWithTax < 0)
    .map(({ description, priceWithTax }) =>
      toDiscount(order, { adjustmentSource: 'SURCHARGE', description }, -priceWithTax, null),
    );
  return [...order.shippingLines.flatMap((line) => shippingDiscounts(order, line)), ...surcharges];
}

/** As for goods: the difference of the two prices is the truth, unless a cancel has taken the price itself away. */
function shippingDiscounts(order: WireOrder, line: WireShippingLine): ChannelDiscount[] {
  const rows = line.discounts.filter((discount) => discount.adjustmentSource !== shippingCancel);
  if (isShippingCancelled(line)) {
    return rows.filter((row) => row.amountWithTax !== 0).map((row) => toDiscount(order, row, -row.amountWithTax, null));
  }
  const total = line.priceWithTax - line.discountedPriceWithTax;
  if (total === 0) return [];
  const [first] = rows;
  return [toDiscount(order, first ?? { adjustmentSource: '', description: 'shipping discount' }, total, null)];
}
