import { z } from 'zod';
import { channelListing } from './listing.ts';
import {
  channelAddress,
  channelDiscount,
  channelOrder,
  channelOrderLine,
  channelPackage,
  channelPayment,
  channelReceiver,
  channelRefund,
  channelReturn,
  channelShippingLine,
  channelTax,
} from './order.ts';

/**
 * Orders and listings as a seller's own program tells them: ChannelOrder and ChannelListing in JSON, where whatever is null,
 * empty, zero or false may be left out. A field that is not known is an error: it is a misspelt one.
 */

/** JSON may write the character NUL, which no text of a database may hold. */
export function holdsNul(json: string): boolean {
  return json.includes('\\u0000') || json.includes('\0');
}

const taxes = z.array(z.strictObject({ ...channelTax.shape, ratePercent: channelTax.shape.ratePercent.default(null) }));

const line = z.strictObject({
  ...channelOrderLine.shape,
  listingExternalId: channelOrderLine.shape.listingExternalId.default(null),
  sku: channelOrderLine.shape.sku.default(null),
  cancelledQuantity: channelOrderLine.shape.cancelledQuantity.default(0),
  fulfilledQuantity: channelOrderLine.shape.fulfilledQuantity.default(0),
  unitPrice: channelOrderLine.shape.unitPrice.default(null),
  taxes: taxes.default([]),
  fulfilledBy: channelOrderLine.shape.fulfilledBy.default('seller'),
  isGift: z.boolean().default(false),
  isPresale: z.boolean().default(false),
});

const shippingLine = z.strictObject({ ...channelShippingLine.shape, taxes: taxes.default([]) });

const discount = z.strictObject({
  ...channelDiscount.shape,
  code: channelDiscount.shape.code.default(null),
  fundedBy: channelDiscount.shape.fundedBy.default('seller'),
  lineExternalId: channelDiscount.shape.lineExternalId.default(null),
});

const payment = z.strictObject({ ...channelPayment.shape, paidAt: channelPayment.shape.paidAt.default(null) });

const refund = z.strictObject({
  ...channelRefund.shape,
  paymentExternalId: channelRefund.shape.paymentExternalId.default(null),
  reason: channelRefund.shape.reason.default(null),
  at: channelRefund.shape.at.default(null),
  lines: channelRefund.shape.lines.default([]),
});

const askedReturn = z.strictObject({
  ...channelReturn.shape,
  reason: channelReturn.shape.reason.default(null),
  at: channelReturn.shape.at.default(null),
});

const shownPackage = z.strictObject({
  ...channelPackage.shape,
  trackingNumber: channelPackage.shape.trackingNumber.default(null),
  carrier: channelPackage.shape.carrier.default(null),
});

const text = z.string().default('');

const receiver = z.strictObject({
  address: z.strictObject({
    ...channelAddress.shape,
    company: text,
    phone: text,
    email: text,
    district: text,
    region: text,
    postalCode: text,
  }),
  sourcePolicy: channelReceiver.shape.sourcePolicy.default('plain'),
  token: channelReceiver.shape.token.default(null),
  expiresAt: channelReceiver.shape.expiresAt.default(null),
});

const { shape } = channelOrder;

export const toldOrder = z.strictObject({
  ...shape,
  version: z
    .string()
    .regex(/^\d{1,30}$/, 'must be a whole number of up to 30 digits, as text')
    .nullable()
    .default(null),
  updatedAt: shape.updatedAt.default(null),
  presentment: shape.presentment.default(null),
  lines: z.array(line).min(1).max(1_000),
  shipping: z.array(shippingLine).default([]),
  discounts: z.array(discount).default([]),
  payments: z.array(payment).default([]),
  paidAt: shape.paidAt.default(null),
  refunds: z.array(refund).default([]),
  returns: z.array(askedReturn).default([]),
  packages: z.array(shownPackage).default([]),
  cancelledAt: shape.cancelledAt.default(null),
  cancelReason: shape.cancelReason.default(null),
  isClosed: shape.isClosed.default(false),
  receiver: receiver.nullable().default(null),
  buyerNote: shape.buyerNote.default(null),
  shipBy: shape.shipBy.default(null),
  shippingService: shape.shippingService.default(null),
  holds: shape.holds.default([]),
  partOfExternalId: shape.partOfExternalId.default(null),
  amountsAreReduced: shape.amountsAreReduced.default(false),
  chargedTotal: shape.chargedTotal.default(null),
});

export const toldListing = z.strictObject({
  ...channelListing.shape,
  parentExternalId: channelListing.shape.parentExternalId.default(null),
  sku: channelListing.shape.sku.default(null),
  barcode: channelListing.shape.barcode.default(null),
  price: channelListing.shape.price.default(null),
  isActive: channelListing.shape.isActive.default(true),
  tracksStock: channelListing.shape.tracksStock.default(true),
});

export type ToldOrder = z.input<typeof toldOrder>;
export type ToldListing = z.input<typeof toldListing>;
