import { LosslessNumber, stringify } from 'lossless-json';
import { formatDecimal, moneyToDecimal } from '../../../src/kernel/index.ts';
import type { Shop } from './shop.ts';
import type { ShopListing, ShopOrder, ShopTax } from './state.ts';
import type { StockDoor } from './stock-door.ts';
import type { Views } from './views.ts';

/**
 * What the vendor writes. Its two traps: ids are JSON numbers of twenty digits, amounts are JSON numbers with decimals, so
 * that whoever reads them with JSON.parse loses both.
 */

export function jsonText(value: unknown): string {
  return stringify(value) ?? 'null';
}

export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(jsonText(value), { status, headers: { 'content-type': 'application/json', ...headers } });
}

export function id(text: string): LosslessNumber {
  return new LosslessNumber(text);
}

function amount(minor: number, currency: string): LosslessNumber {
  return new LosslessNumber(moneyToDecimal({ minor, currency }));
}

export function presentOrder(order: ShopOrder): Record<string, unknown> {
  const { currency } = order;
  return {
    id: id(order.id),
    number: order.number,
    version: order.version,
    placed_at: order.placedAt,
    updated_at: order.updatedAt,
    currency,
    prices_include_tax: order.pricesIncludeTax,
    total: amount(order.totalMinor, currency),
    payment_status: order.oddStatus ?? paymentStatus(order),
    lines: order.lines.map((line) => ({
      id: id(line.id),
      listing_id: id(line.listingId),
      sku: line.sku,
      title: line.title,
      quantity: line.quantity,
      cancelled_quantity: line.cancelledQuantity,
      fulfilled_quantity: line.fulfilledQuantity,
      unit_price: amount(line.unitPriceMinor, currency),
      amount: amount(line.amountMinor, currency),
      taxes: line.taxes.map((tax) => presentTax(tax, currency)),
      gift: line.isGift,
    })),
    shipping: order.shipping === null ? null : presentShipping(order.shipping, currency),
    discounts: order.discounts.map((discount) => ({
      code: discount.code,
      title: discount.title,
      amount: amount(discount.amountMinor, currency),
      funded_by: discount.fundedBy,
      line_id: discount.lineId === null ? null : id(discount.lineId),
    })),
    payments: [presentPayment(order)],
    refunds: order.refunds.map((refund) => ({
      id: id(refund.id),
      payment_id: id(refund.paymentId),
      request_id: refund.requestId,
      amount: amount(refund.amountMinor, currency),
      reason: refund.reason,
      created_at: refund.at,
      lines: refund.lines.map(presentUnits),
    })),
    returns: (order.returns ?? []).map((asked) => ({
      id: id(asked.id),
      status: asked.status,
      reason: asked.reason,
      created_at: asked.at,
      lines: asked.lines.map(presentUnits),
    })),
    fulfilments: order.fulfilments.map((fulfilment) => ({
      id: id(fulfilment.id),
      reference: fulfilment.reference,
      tracking_number: fulfilment.trackingNumber,
      carrier: fulfilment.carrier,
      tracking_url: fulfilment.trackingUrl,
      status: fulfilment.status,
      shipped_at: fulfilment.shippedAt,
      lines: fulfilment.lines.map(presentUnits),
    })),
    cancelled_at: order.cancelledAt,
    cancel_reason: order.cancelReason,
    customer_id: order.customerId === null ? null : id(order.customerId),
    ship_to: presentAddress(order),
    note: order.note,
    risk: order.risk,
    ship_by: order.shipBy,
  };
}

function presentUnits(units: { lineId: string; quantity: number }): Record<string, unknown> {
  return { line_id: id(units.lineId), quantity: units.quantity };
}

function presentTax(tax: ShopTax, currency: string): Record<string, unknown> {
  const rate = new LosslessNumber(formatDecimal({ units: BigInt(tax.rateBasisPoints), scale: 2 }));
  return { title: tax.title, rate, amount: amount(tax.amountMinor, currency) };
}

function presentShipping(shipping: NonNullable<ShopOrder['shipping']>, currency: string): Record<string, unknown> {
  return {
    id: id(shipping.id),
    title: shipping.title,
    amount: amount(shipping.amountMinor, currency),
    taxes: shipping.taxes.map((tax) => presentTax(tax, currency)),
  };
}

function presentPayment({ payment, currency }: ShopOrder): Record<string, unknown> {
  const { method, status, paidAt } = payment;
  return { id: id(payment.id), method, status, amount: amount(payment.amountMinor, currency), paid_at: paidAt };
}

function presentAddress({ address }: ShopOrder): Record<string, unknown> {
  const { postalCode, countryCode, ...rest } = address;
  return { ...rest, postal_code: postalCode, country_code: countryCode };
}

function paymentStatus(order: ShopOrder): string {
  const refunded = order.refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  if (order.payment.status === 'pending') return 'pending';
  if (refunded === 0) return 'paid';
  return refunded < order.payment.amountMinor ? 'partially_refunded' : 'refunded';
}

export function presentListing(shop: Shop, listing: ShopListing): Record<string, unknown> {
  return {
    id: id(listing.id),
    product_id: id(listing.productId),
    sku: listing.sku,
    barcode: listing.barcode,
    title: listing.title,
    price: amount(listing.priceMinor, shop.state.currency),
    active: listing.isActive,
    tracks_stock: listing.tracksStock,
  };
}

export function presentStock(
  shop: Shop,
  listing: ShopListing,
  door: { readonly stock: StockDoor; readonly views: Views },
): Record<string, unknown> {
  const levels = shop.state.locations.map((location) => ({
    location_id: id(location.id),
    quantity: door.stock.shown(shop, listing.id, location.id, door.views.level(listing.id, location.id)),
  }));
  const saleable = shop.state.locations.reduce((sum, location) => sum + door.views.level(listing.id, location.id), 0);
  return { listing_id: id(listing.id), saleable, ...door.stock.facts(shop, listing.id), levels };
}
