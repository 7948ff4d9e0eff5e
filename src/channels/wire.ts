import { z } from '@hono/zod-openapi';
import type { ShopHealth, ShopRow } from './queries.ts';

const instant = z.date().openapi({ type: 'string', format: 'date-time' });
const settings = z.record(z.string(), z.unknown());

export const connection = z.strictObject({ channel: z.string().max(40), settings });

export const connectionReport = z.object({
  shopName: z.string(),
  currency: z.string(),
  timeZone: z.string().nullable(),
});

export const newShop = connection.extend({
  /** The channel's own name for it when absent. */
  name: z.string().max(500).optional(),
  claimsAt: z.enum(['placed', 'paid']).default('placed'),
  ordersSince: z.iso.datetime({ offset: true }).optional(),
  pushesStock: z.boolean().default(false),
});

export const shopChange = z.strictObject({
  name: z.string().max(500).optional(),
  settings: settings.optional(),
  pushesStock: z.boolean().optional(),
  ordersSince: z.iso.datetime({ offset: true }).optional(),
});

export const shopView = z
  .object({
    shopId: z.string(),
    channel: z.string(),
    name: z.string(),
    state: z.enum(['active', 'paused', 'removed']),
    /** Without credentials: those are write-only. */
    settings: z.unknown(),
    webhookPath: z.string(),
    currency: z.string(),
    timeZone: z.string(),
    claimsAt: z.enum(['placed', 'paid']),
    pushesStock: z.boolean(),
    ordersSince: instant,
    version: z.number().int(),
    createdAt: instant,
    updatedAt: instant,
    removedAt: instant.nullable(),
  })
  .openapi('Shop');

const healthView = z.object({
  lastCallAt: instant.nullable(),
  lastOrderAt: instant.nullable(),
  lastStockAt: instant.nullable(),
  lastTrackingAt: instant.nullable(),
  failures: z.number().int(),
  lastFault: z.string().nullable(),
  lastFaultAt: instant.nullable(),
  pausedUntil: instant.nullable(),
});

export const shopDetail = shopView.extend({ health: healthView }).openapi('ShopDetail');

export const locationView = z.object({
  externalId: z.string(),
  name: z.string(),
  warehouseId: z.string().nullable(),
  rank: z.number().int(),
});

export const listingView = z
  .object({
    listingId: z.string(),
    shopId: z.string(),
    externalId: z.string(),
    parentExternalId: z.string().nullable(),
    skuCode: z.string().nullable(),
    barcode: z.string().nullable(),
    title: z.string(),
    price: z.string().nullable(),
    isActive: z.boolean(),
    tracksStock: z.boolean(),
    skuId: z.string().nullable(),
    multiplier: z.number().int(),
    mappedAt: instant.nullable(),
    proposedSkuId: z.string().nullable(),
    proposedBy: z.enum(['sku', 'barcode']).nullable(),
    wantedVersion: z.number().int(),
    toldVersion: z.number().int().nullable(),
    toldQuantity: z.number().int().nullable(),
    toldAt: instant.nullable(),
    pushFailures: z.number().int(),
    pushDueAt: instant.nullable(),
    pushCause: z.unknown(),
    seenQuantity: z.number().int().nullable(),
    seenAt: instant.nullable(),
    version: z.number().int(),
    createdAt: instant,
    updatedAt: instant,
  })
  .openapi('Listing');

export const ifMatchHeader = z.object({
  'if-match': z.string().regex(/^"\d{1,9}"$/, 'is the ETag that was read, such as "3"'),
});

/** Field by field: a column that is added to the row is not shown before somebody decides so. */
export function toShopView(shop: ShopRow): z.infer<typeof shopView> {
  return {
    shopId: shop.shopId,
    channel: shop.channel,
    name: shop.name,
    state: shop.state,
    settings: shop.settings,
    webhookPath: `/hooks/${shop.webhookKey}`,
    currency: shop.currency,
    timeZone: shop.timeZone,
    claimsAt: shop.claimsAt,
    pushesStock: shop.pushesStock,
    ordersSince: shop.ordersSince,
    version: shop.version,
    createdAt: shop.createdAt,
    updatedAt: shop.updatedAt,
    removedAt: shop.removedAt,
  };
}

export function toShopDetail(shop: ShopRow, { shopId: _shopId, ...health }: ShopHealth): z.infer<typeof shopDetail> {
  return { ...toShopView(shop), health };
}
