import type { OrderId, OrderLineId } from '../kernel/index.ts';
import type { ColumnTypes } from '../platform/db/index.ts';

/** The sets that hang on an order and are replaced whole when a document changes them. */

export const shippingColumns = {
  id: 'uuid',
  orderId: 'uuid',
  externalId: 'text',
  title: 'text',
  amountMinor: 'int8',
} as const satisfies ColumnTypes;

export type ShippingRow = {
  readonly id: string;
  readonly orderId: OrderId;
  readonly externalId: string;
  readonly title: string;
  readonly amountMinor: number;
};

export const taxColumns = {
  id: 'uuid',
  orderId: 'uuid',
  orderLineId: 'uuid',
  shippingLineId: 'uuid',
  title: 'text',
  ratePercent: 'numeric',
  amountMinor: 'int8',
} as const satisfies ColumnTypes;

export type TaxRow = {
  readonly id: string;
  readonly orderId: OrderId;
  readonly orderLineId: OrderLineId | null;
  readonly shippingLineId: string | null;
  readonly title: string;
  readonly ratePercent: string | null;
  readonly amountMinor: number;
};

export const discountColumns = {
  id: 'uuid',
  orderId: 'uuid',
  orderLineId: 'uuid',
  code: 'text',
  title: 'text',
  amountMinor: 'int8',
  fundedBy: 'text',
} as const satisfies ColumnTypes;

export type DiscountRow = {
  readonly id: string;
  readonly orderId: OrderId;
  readonly orderLineId: OrderLineId | null;
  readonly code: string | null;
  readonly title: string;
  readonly amountMinor: number;
  readonly fundedBy: 'seller' | 'platform';
};

export const paymentColumns = {
  id: 'uuid',
  orderId: 'uuid',
  externalId: 'text',
  method: 'text',
  state: 'text',
  amountMinor: 'int8',
  paidAt: 'timestamptz',
} as const satisfies ColumnTypes;

export type PaymentRow = {
  readonly id: string;
  readonly orderId: OrderId;
  readonly externalId: string;
  readonly method: string;
  readonly state: string;
  readonly amountMinor: number;
  readonly paidAt: Date | null;
};

export const refundColumns = {
  id: 'uuid',
  orderId: 'uuid',
  externalId: 'text',
  paymentExternalId: 'text',
  state: 'text',
  amountMinor: 'int8',
  reason: 'text',
  refundedAt: 'timestamptz',
  lines: 'jsonb',
} as const satisfies ColumnTypes;

export type RefundRow = {
  readonly id: string;
  readonly orderId: OrderId;
  readonly externalId: string;
  readonly paymentExternalId: string | null;
  readonly state: string;
  readonly amountMinor: number;
  readonly reason: string | null;
  readonly refundedAt: Date | null;
  readonly lines: readonly { readonly line: string; readonly quantity: number }[];
};

export const returnColumns = {
  id: 'uuid',
  orderId: 'uuid',
  externalId: 'text',
  state: 'text',
  reason: 'text',
  askedAt: 'timestamptz',
  lines: 'jsonb',
} as const satisfies ColumnTypes;

export type ReturnRow = {
  readonly id: string;
  readonly orderId: OrderId;
  readonly externalId: string;
  readonly state: string;
  readonly reason: string | null;
  readonly askedAt: Date | null;
  readonly lines: readonly { readonly line: string; readonly quantity: number }[];
};

export const packageColumns = {
  id: 'uuid',
  orderId: 'uuid',
  externalId: 'text',
  trackingNumber: 'text',
  carrier: 'text',
  state: 'text',
  lines: 'jsonb',
  seenAt: 'timestamptz',
} as const satisfies ColumnTypes;

export type PackageRow = {
  readonly id: string;
  readonly orderId: OrderId;
  readonly externalId: string;
  readonly trackingNumber: string | null;
  readonly carrier: string | null;
  readonly state: string;
  readonly lines: readonly { readonly line: string; readonly quantity: number }[];
  readonly seenAt: Date;
};

export type OrderSets = {
  readonly shipping: readonly ShippingRow[];
  readonly taxes: readonly TaxRow[];
  readonly discounts: readonly DiscountRow[];
  readonly payments: readonly PaymentRow[];
  readonly refunds: readonly RefundRow[];
  readonly returns: readonly ReturnRow[];
  readonly packages: readonly PackageRow[];
};

/** Groups of sets that change together, with the hash of what a document said; kept with the order's version. */
export const setGroups = ['money', 'payments', 'refunds', 'returns', 'packages'] as const;
export type SetGroup = (typeof setGroups)[number];
/** A group that an older version did not know yet is missing: nothing was said of it. */
export type SetHashes = Readonly<Record<Exclude<SetGroup, 'returns'>, string> & { returns?: string }>;
