import { z } from '@hono/zod-openapi';
import { parseId, type SkuId, type WarehouseId } from '../kernel/index.ts';
import { pageQuery } from '../platform/http/index.ts';

/** Most lines of one request. */
const linesMax = 1_000;

const instant = z.date().openapi({ type: 'string', format: 'date-time' });

export const newWarehouse = z.strictObject({
  code: z.string().min(1).max(50),
  name: z.string().min(1).max(200),
  countryCode: z.string().length(2),
  timeZone: z.string().min(1).max(100),
  kind: z.enum(['physical', 'in_transit']).default('physical'),
});

export const warehouseView = z
  .object({
    warehouseId: z.string(),
    code: z.string(),
    name: z.string(),
    kind: z.string(),
    countryCode: z.string(),
    timeZone: z.string(),
    isActive: z.boolean(),
    shops: z.array(z.object({ shopId: z.string(), rank: z.number() })),
  })
  .openapi('Warehouse');

export const servedBy = z.strictObject({
  warehouses: z.array(z.strictObject({ warehouseId: z.uuid(), rank: z.number().int().min(0).max(10_000) })).max(200),
});

export const levelView = z
  .object({
    skuId: z.string(),
    skuCode: z.string(),
    warehouseId: z.string(),
    warehouseCode: z.string(),
    onHand: z.number(),
    reserved: z.number(),
    demand: z.number().openapi({ description: 'Open demand of the SKU over all shops and warehouses' }),
  })
  .openapi('StockLevel');

export const moveView = z
  .object({
    moveId: z.string(),
    at: instant,
    skuId: z.string(),
    warehouseId: z.string(),
    binCode: z.string(),
    lotId: z.string().nullable(),
    quantity: z.number().openapi({ description: 'Signed SKU units' }),
    reason: z.string(),
    referenceKind: z.string().nullable(),
    referenceId: z.string().nullable(),
    note: z.string().nullable(),
    unitCost: z.string().nullable(),
    costCurrency: z.string().nullable(),
    actorKind: z.string(),
    actorId: z.string(),
  })
  .openapi('StockMove');

export const receipts = z.strictObject({
  receipts: z
    .array(
      z.strictObject({
        skuId: z.uuid(),
        warehouseId: z.uuid(),
        quantity: z.number().int(),
        unitCost: z.string().max(30).nullable().default(null),
        costCurrency: z.string().length(3).nullable().default(null),
        lotId: z.uuid().nullable().default(null),
        note: z.string().max(500).nullable().default(null),
      }),
    )
    .min(1)
    .max(linesMax),
});

export const levelQuery = pageQuery.extend({ skuId: z.uuid().optional(), warehouseId: z.uuid().optional() });

type LevelIds = { readonly skuId?: string | undefined; readonly warehouseId?: string | undefined };

export function levelFilters({ skuId, warehouseId }: LevelIds): { skuId?: SkuId; warehouseId?: WarehouseId } {
  return {
    ...(skuId === undefined ? {} : { skuId: parseId<'sku'>(skuId, 'skuId') }),
    ...(warehouseId === undefined ? {} : { warehouseId: parseId<'warehouse'>(warehouseId, 'warehouseId') }),
  };
}
