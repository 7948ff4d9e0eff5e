import { ChannelFault, parseLossless, type ChannelOrder, type ChannelTax } from '../../src/connector-kit/index.ts';
import { moneyFromDecimal } from '../../src/kernel/index.ts';
import { toFunder, toHolds, toPackageState, toPaymentRowState, toPaymentState, toReturnState } from './codes.ts';
import type { Dialect } from './dialect.ts';
import type { ShopSettings } from './settings.ts';
import type { WireLine, WireOrder, WireTax } from './wire.ts';

/** Pure: the vendor's order, from poll, read or webhook, in our words. */
export function translateWith<Settings extends ShopSettings>(
  dialect: Dialect,
): (body: string, settings: Settings) => ChannelOrder {
  return (body, settings) => {
    const document = parseLossless(body);
    const order = fromWire(dialect.read(document, settings));
    return dialect.refine({ ...order, version: dialect.versionOf(document) }, document);
  };
}

function fromWire(order: WireOrder): ChannelOrder {
  const { currency } = order;
  return {
    externalId: order.id,
    number: order.number,
    version: null,
    placedAt: order.placed_at,
    updatedAt: order.updated_at,
    currency,
    presentment: null,
    pricesIncludeTax: order.prices_include_tax,
    totalMinor: minorOf(order.total, currency, 'total'),
    chargedTotal: null,
    lines: order.lines.map((line) => toLine(line, currency)),
    shipping: toShipping(order),
    discounts: order.discounts.map((discount) => ({
      code: discount.code,
      title: discount.title,
      amountMinor: minorOf(discount.amount, currency, 'discounts.amount'),
      fundedBy: toFunder(discount.funded_by),
      lineExternalId: discount.line_id,
    })),
    returns: order.returns.map((asked) => ({
      externalId: asked.id,
      state: toReturnState(asked.status),
      reason: asked.reason === '' ? null : asked.reason,
      at: asked.created_at,
      lines: toUnits(asked.lines),
    })),
    packages: order.fulfilments.map((fulfilment) => ({
      externalId: fulfilment.id,
      trackingNumber: fulfilment.tracking_number,
      carrier: fulfilment.carrier,
      state: toPackageState(fulfilment.status),
      lines: toUnits(fulfilment.lines),
    })),
    cancelledAt: order.cancelled_at,
    cancelReason: order.cancel_reason,
    isClosed: order.cancelled_at !== null && ['pending', 'refunded'].includes(order.payment_status),
    receiver: toReceiver(order),
    buyerNote: order.note,
    shipBy: order.ship_by,
    shippingService: order.shipping?.title ?? null,
    holds: toHolds(order.risk),
    partOfExternalId: order.part_of,
    amountsAreReduced: false,
    ...toMoneyFacts(order),
  };
}

function toLine(line: WireLine, currency: string): ChannelOrder['lines'][number] {
  return {
    externalId: line.id,
    listingExternalId: line.listing_id,
    sku: line.sku,
    title: line.title,
    quantity: line.quantity,
    cancelledQuantity: line.cancelled_quantity,
    fulfilledQuantity: line.fulfilled_quantity,
    unitPrice: line.unit_price,
    amountMinor: minorOf(line.amount, currency, 'lines.amount'),
    taxes: toTaxes(line.taxes, currency),
    fulfilledBy: 'seller',
    isGift: line.gift,
    isPresale: false,
  };
}

function toShipping({ shipping, currency }: WireOrder): ChannelOrder['shipping'] {
  if (shipping === null) return [];
  const amountMinor = minorOf(shipping.amount, currency, 'shipping.amount');
  return [{ externalId: shipping.id, title: shipping.title, amountMinor, taxes: toTaxes(shipping.taxes, currency) }];
}

function toMoneyFacts(order: WireOrder): Pick<ChannelOrder, 'payments' | 'paymentState' | 'paidAt' | 'refunds'> {
  const { currency } = order;
  return {
    payments: order.payments.map((payment) => ({
      externalId: payment.id,
      method: payment.method,
      state: toPaymentRowState(payment.status),
      amountMinor: minorOf(payment.amount, currency, 'payments.amount'),
      paidAt: payment.paid_at,
    })),
    paymentState: toPaymentState(order.payment_status),
    paidAt: order.payments.find(({ paid_at }) => paid_at !== null)?.paid_at ?? null,
    refunds: order.refunds.map((refund) => ({
      externalId: refund.id,
      paymentExternalId: refund.payment_id,
      state: 'settled' as const,
      amountMinor: minorOf(refund.amount, currency, 'refunds.amount'),
      reason: refund.reason,
      at: refund.created_at,
      lines: toUnits(refund.lines),
    })),
  };
}

function toReceiver({ ship_to: address }: WireOrder): ChannelOrder['receiver'] {
  if (address === null) return null;
  const { name, phone, email, lines, district, city, region } = address;
  const place = { district, city, region, postalCode: address.postal_code, countryCode: address.country_code };
  const receiver = { name, company: '', phone, email, lines, ...place };
  return { address: receiver, sourcePolicy: 'plain', token: null, expiresAt: null };
}

function toUnits(
  lines: readonly { line_id: string; quantity: number }[],
): { lineExternalId: string; quantity: number }[] {
  return lines.map(({ line_id: lineExternalId, quantity }) => ({ lineExternalId, quantity }));
}

function toTaxes(taxes: readonly WireTax[], currency: string): ChannelTax[] {
  return taxes.map(({ title, rate, amount }) => ({
    title,
    ratePercent: rate,
    amountMinor: minorOf(amount, currency, 'taxes.amount'),
  }));
}

/** The vendor charges whole minor units; more decimals than the currency has are a change of its contract. */
function minorOf(text: string, currency: string, field: string): number {
  const { amount, residual } = moneyFromDecimal(text, currency);
  if (/[1-9]/.test(residual)) throw new ChannelFault({ kind: 'unknown_code', field, raw: text });
  return amount.minor;
}
