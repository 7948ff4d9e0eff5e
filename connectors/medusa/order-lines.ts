import type { ChannelOrderLine, ChannelShippingLine, ChannelTax } from '../../src/connector-kit/index.ts';
import { parseDecimal } from '../../src/kernel/index.ts';
import { roundTogether } from './round-together.ts';
import type { WireItem, WireOrder, WireShippingMethod } from './wire.ts';

/**
 * Lines as first sold: one of which an order edit took units away is shown as in the order's first version. Medusa gives
 * items in any order; their ids sort as they were made.
 */
export function soldItems(order: WireOrder): WireItem[] {
  const first = new Map(order.first_items.map((item) => [item.id, item]));
  const kept = order.items.map((item) => first.get(item.id) ?? item);
  const keptIds = new Set(kept.map((item) => item.id));
  const removed = order.first_items.filter((item) => !keptIds.has(item.id));
  return [...kept, ...removed].filter((item) => item.quantity > 0).toSorted(byId);
}

export function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

export function toOrderLine(
  order: WireOrder,
  sold: WireItem,
  minorById: ReadonlyMap<string, number>,
  isCancelled: boolean,
): ChannelOrderLine {
  const now = order.items.find((item) => item.id === sold.id);
  const fulfilledQuantity = now?.detail.fulfilled_quantity ?? 0;
  const left = isCancelled ? fulfilledQuantity : (now?.quantity ?? 0);
  return {
    externalId: sold.id,
    listingExternalId: sold.variant_id ?? null,
    sku: sold.variant_sku || null,
    title: [sold.product_title || sold.title, sold.variant_title].filter(Boolean).join(', '),
    quantity: sold.quantity,
    cancelledQuantity: Math.max(0, sold.quantity - Math.max(left, fulfilledQuantity)),
    fulfilledQuantity,
    unitPrice: sold.raw_unit_price,
    amountMinor: minorById.get(sold.id) ?? 0,
    taxes: taxesOf(sold, order.currency_code.toUpperCase()),
    fulfilledBy: 'seller',
    isGift: false,
    isPresale: false,
  };
}

export function toShippingLine(
  order: WireOrder,
  method: WireShippingMethod,
  minorById: ReadonlyMap<string, number>,
): ChannelShippingLine {
  return {
    externalId: method.id,
    title: method.name,
    amountMinor: minorById.get(method.id) ?? 0,
    taxes: taxesOf(method, order.currency_code.toUpperCase()),
  };
}

/** What was taxed in the end, after discounts. */
function taxesOf(row: WireItem | WireShippingMethod, currency: string): ChannelTax[] {
  const minor = roundTogether(
    row.tax_lines.map((tax) => parseDecimal(tax.raw_total)),
    currency,
  );
  return row.tax_lines.map((tax, index) => ({
    title: tax.description ?? tax.code,
    ratePercent: String(tax.rate),
    amountMinor: minor[index] ?? 0,
  }));
}
