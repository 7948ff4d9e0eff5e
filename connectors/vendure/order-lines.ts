import {
  ChannelFault,
  type ChannelDiscount,
  type ChannelOrderLine,
  type ChannelTax,
} from '../../src/connector-kit/index.ts';
import { divideHalfUp, moneyToDecimal, money, parseDecimal, splitMinor } from '../../src/kernel/index.ts';
import type { WireDiscount, WireLine, WireOrder } from './wire.ts';

/**
 * Units as first sold. A cancel lowers `quantity` and leaves `orderPlacedQuantity`; an edit by the merchant may raise
 * `quantity` above it.
 */
export function soldUnits(line: WireLine): number {
  return Math.max(line.orderPlacedQuantity, line.quantity);
}

export function toOrderLine(order: WireOrder, line: WireLine, fulfilledQuantity: number): ChannelOrderLine {
  const quantity = soldUnits(line);
  return {
    externalId: line.id,
    listingExternalId: line.productVariant.id,
    sku: line.productVariant.sku === '' ? null : line.productVariant.sku,
    title: line.productVariant.name,
    quantity,
    // Vendure's way to take goods back is to cancel shipped units: those stay fulfilled here.
    cancelledQuantity: Math.min(quantity - line.quantity, Math.max(0, quantity - fulfilledQuantity)),
    fulfilledQuantity,
    unitPrice: moneyToDecimal(money(line.unitPriceWithTax, order.currencyCode)),
    amountMinor: soldAmount(order, line),
    taxes: lineTaxes(line),
    fulfilledBy: 'seller',
    isGift: false,
    isPresale: false,
  };
}

/** With tax, before discounts. Vendure shows the amount of the units left; the rest is worked out as it rounds: by line. */
function soldAmount(order: WireOrder, line: WireLine): number {
  const units = soldUnits(line);
  if (line.quantity === units) return line.linePriceWithTax;
  if (order.channels.some((channel) => channel.pricesIncludeTax)) return line.unitPriceWithTax * units;
  const rate = readRate(line.taxRate);
  const hundred = 100n * 10n ** BigInt(rate.scale);
  return Number(divideHalfUp(BigInt(line.unitPrice * units) * (hundred + rate.units), hundred));
}

function readRate(rate: number | string): { units: bigint; scale: number } {
  return parseDecimal(String(rate), 'taxRate');
}

/** What was taxed in the end: after discounts, for the units left. Several rates on one line share its tax by rate. */
function lineTaxes(line: WireLine): ChannelTax[] {
  const total = line.proratedLinePriceWithTax - line.proratedLinePrice;
  const rates = line.taxLines.map((tax) => readRate(tax.taxRate));
  const scale = Math.max(0, ...rates.map((rate) => rate.scale));
  const weights = rates.map((rate) => Number(rate.units * 10n ** BigInt(scale - rate.scale)));
  if (weights.some((weight) => weight < 0)) {
    throw new ChannelFault({ kind: 'rejected', code: 'negative_tax_rate', detail: `order line ${line.id}` });
  }
  const shares = weights.length === 0 ? [] : splitMinor(total, weights);
  return line.taxLines.map((tax, index) => ({
    title: tax.description,
    ratePercent: String(tax.taxRate),
    amountMinor: shares[index] ?? 0,
  }));
}

/**
 * Discounts of a line, order-wide ones included: Vendure spreads those over the lines, so `order.discounts` would count them
 * twice. The truth is linePriceWithTax − proratedLinePriceWithTax; the single rows are rounded one by one and may be a unit
 * off (491 + 0 against 492), which the largest row takes. For units cancelled since, the discount is scaled up again.
 */
export function lineDiscounts(order: WireOrder, line: WireLine): ChannelDiscount[] {
  if (line.quantity === 0) return [];
  const scaled = (amount: number): number =>
    Number(divideHalfUp(BigInt(amount) * BigInt(soldUnits(line)), BigInt(line.quantity)));
  const total = scaled(line.linePriceWithTax - line.proratedLinePriceWithTax);
  const rows = line.discounts.map((discount) => ({ discount, amountMinor: -scaled(discount.amountWithTax) }));
  const [largest] = rows.toSorted((a, b) => b.amountMinor - a.amountMinor);
  const difference = total - rows.reduce((sum, row) => sum + row.amountMinor, 0);
  if (largest !== undefined) largest.amountMinor += difference;
  return rows
    .filter((row) => row.amountMinor !== 0)
    .map((row) => toDiscount(order, row.discount, row.amountMinor, line.id));
}

export function toDiscount(
  order: WireOrder,
  discount: Pick<WireDiscount, 'adjustmentSource' | 'description'>,
  amountMinor: number,
  lineExternalId: string | null,
): ChannelDiscount {
  const promotion = order.promotions.find(({ id }) => discount.adjustmentSource === `PROMOTION:${id}`);
  return {
    code: promotion?.couponCode ?? null,
    title: discount.description,
    amountMinor,
    fundedBy: 'seller',
    lineExternalId,
  };
}
