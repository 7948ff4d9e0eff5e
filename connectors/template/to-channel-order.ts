import { ChannelFault, parseLossless, type ChannelOrder, type ChannelTax } from '../../src/connector-kit/index.ts';
import { moneyFromDecimal } from '../../src/kernel/index.ts';
import { parseWire } from './client.ts';
import { fromPackageStatus, fromPaymentStatus, fromStatus } from './codes.ts';
import { wireOrder, type WireItem, type WireOrder } from './wire.ts';

/** Pure: the vendor's order in our words. The same body gives the same order, today and in a replay next year. */
export function toChannelOrder(body: string): ChannelOrder {
  const order = parseWire(wireOrder, parseLossless(body));
  const { currency } = order;
  return {
    externalId: order.id,
    number: order.number,
    version: String(order.revision),
    placedAt: order.created_at,
    updatedAt: order.updated_at,
    currency,
    presentment: null,
    pricesIncludeTax: order.prices_include_tax,
    totalMinor: minorOf(order.total, currency, 'total'),
    chargedTotal: null,
    lines: order.items.map((item) => toLine(item, currency)),
    shipping: toShipping(order),
    discounts: toDiscounts(order),
    ...toMoneyFacts(order),
    returns: [],
    packages: order.packages.map((parcel) => ({
      externalId: parcel.id,
      trackingNumber: parcel.tracking_number,
      carrier: parcel.carrier,
      state: fromPackageStatus(parcel.status),
      lines: parcel.items.map(({ item_id, quantity }) => ({ lineExternalId: item_id, quantity })),
    })),
    cancelledAt: order.cancelled_at,
    cancelReason: order.cancel_reason,
    isClosed: fromStatus(order.status),
    receiver: toReceiver(order),
    buyerNote: order.note,
    shipBy: null,
    shippingService: order.shipping?.title ?? null,
    holds: [],
    partOfExternalId: null,
    amountsAreReduced: false,
  };
}

function toLine(item: WireItem, currency: string): ChannelOrder['lines'][number] {
  return {
    externalId: item.id,
    listingExternalId: item.variant_id,
    sku: item.sku,
    title: item.title,
    quantity: item.quantity,
    cancelledQuantity: item.cancelled,
    fulfilledQuantity: item.shipped,
    unitPrice: item.unit_price,
    amountMinor: minorOf(item.amount, currency, 'items.amount'),
    taxes: toTaxes(item.tax, currency),
    fulfilledBy: 'seller',
    isGift: false,
    isPresale: false,
  };
}

function toTaxes(tax: WireItem['tax'], currency: string): ChannelTax[] {
  if (tax === null) return [];
  return [{ title: tax.title, ratePercent: tax.rate, amountMinor: minorOf(tax.amount, currency, 'items.tax.amount') }];
}

function toShipping({ shipping, currency }: WireOrder): ChannelOrder['shipping'] {
  if (shipping === null) return [];
  const amountMinor = minorOf(shipping.amount, currency, 'shipping.amount');
  return [{ externalId: shipping.id, title: shipping.title, amountMinor, taxes: [] }];
}

function toDiscounts({ discount, currency }: WireOrder): ChannelOrder['discounts'] {
  if (discount === null) return [];
  const amountMinor = minorOf(discount.amount, currency, 'discount.amount');
  const { code, title } = discount;
  return [{ code, title, amountMinor, fundedBy: 'seller', lineExternalId: null }];
}

function toMoneyFacts(order: WireOrder): Pick<ChannelOrder, 'payments' | 'paymentState' | 'paidAt' | 'refunds'> {
  const { currency } = order;
  return {
    payments: order.payments.map((payment) => ({
      externalId: payment.id,
      method: payment.method,
      state: payment.paid_at === null ? 'pending' : 'paid',
      amountMinor: minorOf(payment.amount, currency, 'payments.amount'),
      paidAt: payment.paid_at,
    })),
    paymentState: fromPaymentStatus(order.payment_status),
    paidAt: order.payments.find(({ paid_at }) => paid_at !== null)?.paid_at ?? null,
    refunds: order.refunds.map((refund) => ({
      externalId: refund.id,
      paymentExternalId: null,
      state: 'settled',
      amountMinor: minorOf(refund.amount, currency, 'refunds.amount'),
      reason: refund.reason,
      at: refund.created_at,
      lines: [],
    })),
  };
}

function toReceiver({ address }: WireOrder): ChannelOrder['receiver'] {
  if (address === null) return null;
  const { name, phone, email, street, city, postal_code: postalCode, country_code: countryCode } = address;
  const lines = street === '' ? [] : [street];
  const receiver = { name, company: '', phone, email, lines, district: '', city, region: '', postalCode, countryCode };
  return { address: receiver, sourcePolicy: 'plain', token: null, expiresAt: null };
}

/** The vendor charges whole minor units; more decimals than the currency has are a change of its contract. */
function minorOf(text: string, currency: string, field: string): number {
  const { amount, residual } = moneyFromDecimal(text, currency);
  if (/[1-9]/.test(residual)) throw new ChannelFault({ kind: 'unknown_code', field, raw: text });
  return amount.minor;
}
