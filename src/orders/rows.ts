import type { ListingId, OrderId, OrderLineId, PartId, ShopId, SkuId } from '../kernel/index.ts';
import type { ColumnTypes } from '../platform/db/index.ts';

/** Rows of an order as they travel between its tables and the intake; see schema.ts for what the columns mean. */

export const orderColumns = {
  id: 'uuid',
  shopId: 'uuid',
  externalId: 'text',
  externalNumber: 'text',
  documentHash: 'bytea',
  sourceVersion: 'numeric',
  readStartedAt: 'timestamptz',
  inboxEventId: 'uuid',
  version: 'int4',
  currency: 'text',
  pricesIncludeTax: 'bool',
  linesMinor: 'int8',
  shippingMinor: 'int8',
  taxMinor: 'int8',
  discountMinor: 'int8',
  residualMinor: 'int8',
  totalMinor: 'int8',
  chargedTotal: 'numeric',
  presentmentCurrency: 'text',
  presentmentTotalMinor: 'int8',
  buyerPaidMinor: 'int8',
  receivableMinor: 'int8',
  refundedMinor: 'int8',
  paymentState: 'text',
  paidAt: 'timestamptz',
  cancelledAt: 'timestamptz',
  cancelReason: 'text',
  isClosedOnChannel: 'bool',
  supersededBy: 'uuid',
  partOfExternalId: 'text',
  placedAt: 'timestamptz',
  placedAtSource: 'text',
  updatedAtSource: 'text',
  shipBy: 'timestamptz',
  priority: 'int4',
  buyerNote: 'text',
  shippingService: 'text',
  createdAt: 'timestamptz',
  updatedAt: 'timestamptz',
} as const satisfies ColumnTypes;

export type PaymentState = 'unpaid' | 'authorised' | 'paid';

export type OrderMoney = {
  readonly linesMinor: number;
  readonly shippingMinor: number;
  readonly taxMinor: number;
  readonly discountMinor: number;
  readonly residualMinor: number;
  readonly totalMinor: number;
  /** Exact decimal text in major units; see ChannelOrder.chargedTotal. */
  readonly chargedTotal: string | null;
  readonly receivableMinor: number;
};

export type OrderRow = OrderMoney & {
  readonly id: OrderId;
  readonly shopId: ShopId;
  readonly externalId: string;
  readonly externalNumber: string;
  readonly documentHash: Uint8Array;
  readonly sourceVersion: string | null;
  readonly readStartedAt: Date;
  readonly inboxEventId: string | null;
  readonly version: number;
  readonly currency: string;
  readonly pricesIncludeTax: boolean;
  readonly presentmentCurrency: string | null;
  readonly presentmentTotalMinor: number | null;
  readonly buyerPaidMinor: number;
  readonly refundedMinor: number;
  readonly paymentState: PaymentState;
  readonly paidAt: Date | null;
  readonly cancelledAt: Date | null;
  readonly cancelReason: string | null;
  readonly isClosedOnChannel: boolean;
  readonly supersededBy: OrderId | null;
  readonly partOfExternalId: string | null;
  readonly placedAt: Date;
  readonly placedAtSource: string;
  readonly updatedAtSource: string | null;
  readonly shipBy: Date | null;
  readonly priority: number;
  readonly buyerNote: string | null;
  readonly shippingService: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export const lineColumns = {
  id: 'uuid',
  orderId: 'uuid',
  externalId: 'text',
  position: 'int4',
  listingId: 'uuid',
  listingExternalId: 'text',
  skuCode: 'text',
  title: 'text',
  quantity: 'int4',
  cancelledQuantity: 'int4',
  channelFulfilledQuantity: 'int4',
  unitPrice: 'numeric',
  amountMinor: 'int8',
  fulfilledBy: 'text',
  isGift: 'bool',
  isPresale: 'bool',
} as const satisfies ColumnTypes;

export type LineRow = {
  readonly id: OrderLineId;
  readonly orderId: OrderId;
  readonly externalId: string;
  readonly position: number;
  readonly listingId: ListingId | null;
  readonly listingExternalId: string | null;
  readonly skuCode: string | null;
  readonly title: string;
  readonly quantity: number;
  readonly cancelledQuantity: number;
  readonly channelFulfilledQuantity: number;
  readonly unitPrice: string | null;
  readonly amountMinor: number;
  readonly fulfilledBy: 'seller' | 'channel';
  readonly isGift: boolean;
  readonly isPresale: boolean;
};

export const partColumns = {
  id: 'uuid',
  orderLineId: 'uuid',
  orderId: 'uuid',
  skuId: 'uuid',
  unitsPerLine: 'int4',
  ordered: 'int4',
  cancelled: 'int4',
  shipped: 'int4',
  shippedElsewhere: 'int4',
} as const satisfies ColumnTypes;

export type PartRow = {
  readonly id: PartId;
  readonly orderLineId: OrderLineId;
  readonly orderId: OrderId;
  readonly skuId: SkuId;
  readonly unitsPerLine: number;
  readonly ordered: number;
  readonly cancelled: number;
  readonly shipped: number;
  readonly shippedElsewhere: number;
};

export const receiverColumns = {
  orderId: 'uuid',
  masked: 'jsonb',
  token: 'text',
  ciphertext: 'bytea',
  dataKey: 'bytea',
  sourcePolicy: 'text',
  expiresAt: 'timestamptz',
  mergeKey: 'bytea',
  phoneTailKey: 'bytea',
  nameKey: 'bytea',
} as const satisfies ColumnTypes;

export type MaskedReceiver = {
  readonly name: string;
  readonly phone: string;
  readonly city: string;
  readonly region: string;
  readonly postalCode: string;
  readonly countryCode: string;
};

export type ReceiverRow = {
  readonly orderId: OrderId;
  readonly masked: MaskedReceiver;
  readonly token: string | null;
  readonly ciphertext: Uint8Array | null;
  readonly dataKey: Uint8Array | null;
  readonly sourcePolicy: 'plain' | 'masked' | 'token';
  readonly expiresAt: Date | null;
  readonly mergeKey: Uint8Array | null;
  readonly phoneTailKey: Uint8Array | null;
  readonly nameKey: Uint8Array | null;
};
