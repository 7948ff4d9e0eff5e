import { z } from 'zod';
import { isCurrency } from '../../kernel/index.ts';

/**
 * What a channel says about one order, in our words. Amounts are integer minor units of `currency`; every figure is as the
 * channel charged it. Times are the channel's own text with an offset (a JS Date would cut microseconds).
 */

export const externalId = z.string().min(1).max(200);
const minor = z.number().int().refine(Number.isSafeInteger, 'not an exactly held integer');
/** Of any other nobody knows how many minor units make one of it. */
const currency = z.string().length(3, { abort: true }).refine(isCurrency, 'is not a currency of ISO 4217');
const units = z.number().int().min(0).max(1_000_000_000);
/** ISO 8601 with an offset or Z, as the channel wrote it. */
export const sourceTime = z.iso.datetime({ offset: true });

export const channelTax = z.object({
  title: z.string(),
  /** Percent as decimal text ("19", "10.75"), or null where the channel gives amounts only. */
  ratePercent: z.string().nullable(),
  amountMinor: minor,
});

export const channelDiscount = z.object({
  code: z.string().nullable(),
  title: z.string(),
  /** Positive: what the buyer did not pay. In the same tax basis as the lines. */
  amountMinor: minor,
  fundedBy: z.enum(['seller', 'platform']),
  /** The line it belongs to, or null for the whole order. */
  lineExternalId: externalId.nullable(),
});

export const channelOrderLine = z.object({
  externalId,
  /** The listing sold, as the channel names its sellable item; null when the channel lost it (deleted product). */
  listingExternalId: externalId.nullable(),
  sku: z.string().nullable(),
  title: z.string(),
  /** Units as first sold. Stays when units are cancelled. */
  quantity: units,
  /** How many of them are cancelled by now; cumulative. */
  cancelledQuantity: units,
  /** How many the channel already shows as fulfilled; cumulative, whoever fulfilled them. */
  fulfilledQuantity: units,
  /** Informational decimal text in major units, or null. */
  unitPrice: z.string().nullable(),
  /** For the units first sold, before `discounts`; with tax where `pricesIncludeTax`. */
  amountMinor: minor,
  taxes: z.array(channelTax),
  fulfilledBy: z.enum(['seller', 'channel']),
  /** Presale, gift and deadline facts where the channel has them. */
  isGift: z.boolean(),
  isPresale: z.boolean(),
});

export const channelShippingLine = z.object({
  externalId,
  title: z.string(),
  amountMinor: minor,
  taxes: z.array(channelTax),
});

export const channelPayment = z.object({
  externalId,
  method: z.string(),
  state: z.enum(['pending', 'authorised', 'paid', 'failed', 'cancelled']),
  amountMinor: minor,
  paidAt: sourceTime.nullable(),
});

export const channelRefund = z.object({
  externalId,
  paymentExternalId: externalId.nullable(),
  state: z.enum(['pending', 'settled', 'failed']),
  amountMinor: minor,
  reason: z.string().nullable(),
  at: sourceTime.nullable(),
  lines: z.array(z.object({ lineExternalId: externalId, quantity: units })),
});

/**
 * What the buyer asked to send back, once it is asked for (not while somebody drafts it). Goods only: the money is a refund,
 * and may come before or after, or never.
 */
export const channelReturn = z.object({
  externalId,
  /** `received`: the channel was told that all or some of it arrived; `cancelled`: it will not come. */
  state: z.enum(['requested', 'received', 'cancelled']),
  reason: z.string().nullable(),
  at: sourceTime.nullable(),
  lines: z.array(z.object({ lineExternalId: externalId, quantity: units })),
});

/** A parcel as the channel shows it: the read-back that invariant 7 is audited against. */
export const channelPackage = z.object({
  externalId,
  trackingNumber: z.string().nullable(),
  carrier: z.string().nullable(),
  state: z.enum(['pending', 'shipped', 'delivered', 'cancelled']),
  lines: z.array(z.object({ lineExternalId: externalId, quantity: units })),
});

export const channelAddress = z.object({
  name: z.string(),
  company: z.string(),
  phone: z.string(),
  email: z.string(),
  lines: z.array(z.string()),
  district: z.string(),
  city: z.string(),
  region: z.string(),
  postalCode: z.string(),
  /** ISO 3166-1 alpha-2, upper case, or empty. */
  countryCode: z.string(),
});

export const channelReceiver = z.object({
  address: channelAddress,
  /** `plain`: ours to keep; `masked`: shown as the channel masks it; `token`: only the channel can reveal it. */
  sourcePolicy: z.enum(['plain', 'masked', 'token']),
  token: z.string().nullable(),
  expiresAt: sourceTime.nullable(),
});

export const channelOrder = z.object({
  externalId,
  /** The number the buyer knows. */
  number: z.string().min(1),
  /** A version that rises with every change, as decimal text, only where the channel's is trustworthy. */
  version: z.string().regex(/^\d+$/).nullable(),
  placedAt: sourceTime,
  updatedAt: sourceTime.nullable(),
  currency,
  /** Present where the buyer saw another currency than the shop settles in. */
  presentment: z.object({ currency, totalMinor: minor }).nullable(),
  pricesIncludeTax: z.boolean(),
  /** As first sold: total = Σ lines + shipping + (taxes only where prices exclude them) − discounts + residual. */
  totalMinor: minor,
  /**
   * What the buyer was charged, exact decimal text in major units ("92.86522"), where the channel does not round: `totalMinor`
   * is it, rounded once, half away from zero. Null where the channel charges in minor units.
   */
  chargedTotal: z
    .string()
    .regex(/^-?\d{1,20}(\.\d{1,30})?$/)
    .nullable()
    .default(null),
  lines: z.array(channelOrderLine).min(1),
  shipping: z.array(channelShippingLine),
  discounts: z.array(channelDiscount),
  payments: z.array(channelPayment),
  paymentState: z.enum(['unpaid', 'authorised', 'paid']),
  paidAt: sourceTime.nullable(),
  refunds: z.array(channelRefund),
  /** Empty where the channel knows no returns. */
  returns: z.array(channelReturn),
  packages: z.array(channelPackage),
  cancelledAt: sourceTime.nullable(),
  cancelReason: z.string().nullable(),
  /** The channel will not change this order any more: it need not be re-read. */
  isClosed: z.boolean(),
  receiver: channelReceiver.nullable(),
  buyerNote: z.string().nullable(),
  shipBy: sourceTime.nullable(),
  shippingService: z.string().nullable(),
  /** Reasons of the channel why the order must wait: `fraud`, `address`, `approval`, `refund_asked`. */
  holds: z.array(z.enum(['fraud', 'address', 'approval', 'refund_asked'])),
  /** Where the channel split the order itself: the order this one is a part of. */
  partOfExternalId: externalId.nullable(),
  /**
   * The channel no longer shows the amounts as first sold (Vendure zeroes a cancelled order). The hub then keeps the
   * amounts it already has.
   */
  amountsAreReduced: z.boolean(),
});

export type ChannelOrder = z.infer<typeof channelOrder>;
export type ChannelOrderLine = z.infer<typeof channelOrderLine>;
export type ChannelDiscount = z.infer<typeof channelDiscount>;
export type ChannelShippingLine = z.infer<typeof channelShippingLine>;
export type ChannelPayment = z.infer<typeof channelPayment>;
export type ChannelRefund = z.infer<typeof channelRefund>;
export type ChannelReturn = z.infer<typeof channelReturn>;
export type ChannelPackage = z.infer<typeof channelPackage>;
export type ChannelAddress = z.infer<typeof channelAddress>;
export type ChannelReceiver = z.infer<typeof channelReceiver>;
export type ChannelTax = z.infer<typeof channelTax>;
