import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { skus } from '../catalog/schema.ts';
import { listings, shops } from '../channels/schema.ts';
import { at, bytes, keyText } from '../platform/db/columns.ts';

const minor = (name: string) => bigint(name, { mode: 'number' });

/** What the channel sold, one to one, for ever. Amounts are those first sold; payment, holds, cancelling are facts apart. */
export const orders = pgTable(
  'orders',
  {
    id: uuid('id').primaryKey(),
    number: bigint('number', { mode: 'number' }).notNull().generatedByDefaultAsIdentity({ startWith: 1001 }),
    shopId: uuid('shop_id')
      .notNull()
      .references(() => shops.id),
    externalId: keyText('external_id').notNull(),
    externalNumber: keyText('external_number').notNull(),
    /** The document last applied: its hash, its version where the channel's is trustworthy, and when its read began. */
    documentHash: bytes('document_hash').notNull(),
    sourceVersion: numeric('source_version', { precision: 40, scale: 0 }),
    readStartedAt: at('read_started_at').notNull(),
    inboxEventId: uuid('inbox_event_id'),
    version: integer('version').notNull().default(1),

    currency: text('currency').notNull(),
    pricesIncludeTax: boolean('prices_include_tax').notNull(),
    linesMinor: minor('lines_minor').notNull(),
    shippingMinor: minor('shipping_minor').notNull(),
    taxMinor: minor('tax_minor').notNull(),
    discountMinor: minor('discount_minor').notNull(),
    residualMinor: minor('residual_minor').notNull(),
    totalMinor: minor('total_minor').notNull(),
    /** In major units, with every decimal the channel charged; null where it charges in minor units. */
    chargedTotal: numeric('charged_total'),
    presentmentCurrency: text('presentment_currency'),
    presentmentTotalMinor: minor('presentment_total_minor'),
    buyerPaidMinor: minor('buyer_paid_minor').notNull(),
    /** What the seller gets: the total plus what the platform funded of the discounts. */
    receivableMinor: minor('receivable_minor').notNull(),
    refundedMinor: minor('refunded_minor').notNull().default(0),
    baseCurrency: text('base_currency'),
    baseRate: numeric('base_rate', { precision: 20, scale: 10 }),
    baseRateSource: text('base_rate_source'),
    baseRateAt: at('base_rate_at'),

    paymentState: text('payment_state').notNull(),
    paidAt: at('paid_at'),
    cancelledAt: at('cancelled_at'),
    cancelReason: text('cancel_reason'),
    fulfilmentState: text('fulfilment_state').notNull().default('open'),
    /** The channel will not change it any more, so it is not read again. */
    isClosedOnChannel: boolean('is_closed_on_channel').notNull(),
    supersededBy: uuid('superseded_by'),
    partOfExternalId: keyText('part_of_external_id'),

    placedAt: at('placed_at').notNull(),
    /** The channel's own text, microseconds and offset included. */
    placedAtSource: text('placed_at_source').notNull(),
    updatedAtSource: text('updated_at_source'),
    shipBy: at('ship_by'),
    priority: integer('priority').notNull().default(0),
    buyerNote: text('buyer_note'),
    shippingService: text('shipping_service'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    // Invariant 3: a channel order exists once.
    uniqueIndex('orders_external_id').on(table.shopId, table.externalId),
    uniqueIndex('orders_number').on(table.number),
    index('orders_by_external_number').on(table.externalNumber),
    index('orders_by_time').on(table.placedAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    index('orders_to_ship_by_time')
      .on(table.placedAt.desc().nullsFirst(), table.id.desc().nullsFirst())
      .where(sql`${table.fulfilmentState} <> 'shipped' and ${table.cancelledAt} is null`),
    index('orders_cancelled_by_time')
      .on(table.placedAt.desc().nullsFirst(), table.id.desc().nullsFirst())
      .where(sql`${table.cancelledAt} is not null`),
    index('orders_unpaid_by_time')
      .on(table.placedAt.desc().nullsFirst(), table.id.desc().nullsFirst())
      .where(sql`${table.paymentState} <> 'paid'`),
    index('orders_open_on_channel')
      .on(table.shopId, table.readStartedAt, table.id)
      .where(sql`not ${table.isClosedOnChannel}`),
    index('orders_parts_of')
      .on(table.shopId, table.partOfExternalId)
      .where(sql`${table.partOfExternalId} is not null`),
    // Invariant 5: the total equation, to the minor unit.
    check(
      'orders_total_adds_up',
      sql`${table.totalMinor} = ${table.linesMinor} + ${table.shippingMinor} + case when ${table.pricesIncludeTax} then 0 else ${table.taxMinor} end - ${table.discountMinor} + ${table.residualMinor}`,
    ),
    check('orders_payment_state_known', sql`${table.paymentState} in ('unpaid', 'authorised', 'paid')`),
    check('orders_fulfilment_state_known', sql`${table.fulfilmentState} in ('open', 'partly_shipped', 'shipped')`),
    check('orders_refunded_not_negative', sql`${table.refundedMinor} >= 0`),
    check(
      'orders_rate_whole',
      sql`num_nulls(${table.baseCurrency}, ${table.baseRate}, ${table.baseRateSource}, ${table.baseRateAt}) in (0, 4)`,
    ),
  ],
);

export const orderLines = pgTable(
  'order_lines',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    externalId: keyText('external_id').notNull(),
    position: integer('position').notNull(),
    listingId: uuid('listing_id').references(() => listings.id),
    listingExternalId: keyText('listing_external_id'),
    skuCode: keyText('sku_code'),
    title: text('title').notNull(),
    /** Units of the listing as sold; stays when some are cancelled. */
    quantity: integer('quantity').notNull(),
    /** As the channel shows it, cumulative. */
    cancelledQuantity: integer('cancelled_quantity').notNull(),
    /** As the channel shows it, or as we told it and it agreed; cumulative. */
    channelFulfilledQuantity: integer('channel_fulfilled_quantity').notNull(),
    unitPrice: numeric('unit_price', { precision: 20, scale: 8 }),
    amountMinor: minor('amount_minor').notNull(),
    fulfilledBy: text('fulfilled_by').notNull(),
    isGift: boolean('is_gift').notNull(),
    isPresale: boolean('is_presale').notNull(),
  },
  (table) => [
    uniqueIndex('order_lines_external_id').on(table.orderId, table.externalId),
    index('order_lines_open_by_listing')
      .on(table.listingId)
      .where(sql`${table.quantity} > ${table.cancelledQuantity} + ${table.channelFulfilledQuantity}`),
    check(
      'order_lines_quantities_fit',
      sql`${table.cancelledQuantity} >= 0 and ${table.channelFulfilledQuantity} >= 0 and ${table.cancelledQuantity} <= ${table.quantity}`,
    ),
    check('order_lines_fulfilled_by_known', sql`${table.fulfilledBy} in ('seller', 'channel')`),
  ],
);

/** A line's share in one SKU, in SKU units, written when the line is mapped and then frozen but for its counters. */
export const orderLineParts = pgTable(
  'order_line_parts',
  {
    id: uuid('id').primaryKey(),
    orderLineId: uuid('order_line_id')
      .notNull()
      .references(() => orderLines.id),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    skuId: uuid('sku_id')
      .notNull()
      .references(() => skus.id),
    unitsPerLine: integer('units_per_line').notNull(),
    ordered: integer('ordered').notNull(),
    cancelled: integer('cancelled').notNull().default(0),
    shipped: integer('shipped').notNull().default(0),
    /** Of the cancelled: units the channel shows as fulfilled that did not leave from here. They are not ours to ship. */
    shippedElsewhere: integer('shipped_elsewhere').notNull().default(0),
    /** Of the shipped: units that are in returns, whatever is decided about them. */
    returned: integer('returned').notNull().default(0),
  },
  (table) => [
    uniqueIndex('order_line_parts_sku').on(table.orderLineId, table.skuId),
    index('order_line_parts_by_order').on(table.orderId),
    index('order_line_parts_by_sku').on(table.skuId),
    // Half of invariant 4; the audit adds reserved and demand.
    check(
      'order_line_parts_counters_fit',
      sql`${table.unitsPerLine} > 0 and ${table.cancelled} >= 0 and ${table.shipped} >= 0 and ${table.cancelled} + ${table.shipped} <= ${table.ordered}`,
    ),
    check(
      'order_line_parts_elsewhere_fits',
      sql`${table.shippedElsewhere} >= 0 and ${table.shippedElsewhere} <= ${table.cancelled}`,
    ),
    check('order_line_parts_returned_fits', sql`${table.returned} >= 0 and ${table.returned} <= ${table.shipped}`),
  ],
);

/** A reason why an order may not go on; several may stand at once, each kind once. */
export const orderHolds = pgTable(
  'order_holds',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    kind: text('kind').notNull(),
    cause: jsonb('cause').notNull(),
    placedAt: at('placed_at').notNull(),
    releasedAt: at('released_at'),
    releasedBy: text('released_by'),
  },
  (table) => [
    uniqueIndex('order_holds_open')
      .on(table.orderId, table.kind)
      .where(sql`${table.releasedAt} is null`),
    index('order_holds_by_order').on(table.orderId),
    check(
      'order_holds_kind_known',
      sql`${table.kind} in ('unpaid', 'unmapped', 'address', 'approval', 'fraud', 'refund_asked', 'cancel_asked', 'manual')`,
    ),
  ],
);

/** Which lines wait for which listing: what mapping one listing must free. */
export const unmappedLines = pgTable(
  'unmapped_lines',
  {
    orderLineId: uuid('order_line_id')
      .primaryKey()
      .references(() => orderLines.id),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    shopId: uuid('shop_id')
      .notNull()
      .references(() => shops.id),
    listingExternalId: keyText('listing_external_id'),
    skuCode: keyText('sku_code'),
  },
  (table) => [
    index('unmapped_lines_by_listing').on(table.shopId, table.listingExternalId),
    index('unmapped_lines_by_order').on(table.orderId),
  ],
);

/** Each applied document, with what it changed. */
export const orderVersions = pgTable(
  'order_versions',
  {
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    version: integer('version').notNull(),
    documentHash: bytes('document_hash').notNull(),
    inboxEventId: uuid('inbox_event_id'),
    appliedAt: at('applied_at').notNull(),
    changes: jsonb('changes').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orderId, table.version] })],
);

/** What happened to an order, for people: one row an event, oldest first. */
export const orderTimeline = pgTable(
  'order_timeline',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    at: at('at').notNull(),
    kind: text('kind').notNull(),
    data: jsonb('data').notNull(),
    actorKind: text('actor_kind').notNull(),
    actorId: keyText('actor_id').notNull(),
  },
  (table) => [index('order_timeline_by_order').on(table.orderId, table.at, table.id)],
);

/** A cancel that arrived before its order. */
export const orderTombstones = pgTable(
  'order_tombstones',
  {
    shopId: uuid('shop_id')
      .notNull()
      .references(() => shops.id),
    externalId: keyText('external_id').notNull(),
    cancelledAt: at('cancelled_at').notNull(),
    reason: text('reason'),
    createdAt: at('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.shopId, table.externalId] })],
);
