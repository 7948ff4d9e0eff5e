import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { Fault, type ShopId, type SkuId, type WarehouseId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { firstRow, list, rows, type Ctx } from '../platform/db/index.ts';
import { raiseStockChanged, raiseStockFreed } from './events.ts';

export type ServeShop = {
  readonly shopId: ShopId;
  /** All warehouses that serve the shop from now on, the lowest rank first. Replaces what was there. */
  readonly warehouses: readonly { readonly warehouseId: WarehouseId; readonly rank: number }[];
};

/** Says which warehouses serve a shop. Every SKU that lies there or is wanted from there is counted and looked at again. */
export async function serveShop(ctx: Ctx, { shopId, warehouses }: ServeShop): Promise<void> {
  authorise(ctx, 'stock:write');
  const ids = warehouses.map(({ warehouseId }) => warehouseId);
  if (new Set(ids).size < ids.length) throw new Fault('invalid', 'warehouse.named_twice', { data: { shopId } });
  const shop = await firstRow(ctx.tx, sql`select id from shops where id = ${shopId} for no key update`);
  if (shop === null) throw new Fault('not_found', 'shop.not_found', { data: { shopId } });
  const before = await rows<{ warehouseId: WarehouseId }>(
    ctx.tx,
    sql`delete from shop_warehouses where shop_id = ${shopId} returning warehouse_id as "warehouseId"`,
  );
  await rows(
    ctx.tx,
    sql`insert into shop_warehouses (shop_id, warehouse_id, rank)
        select ${shopId}, warehouse_id, rank
        from unnest(${list('uuid', ids)}, ${list(
          'int4',
          warehouses.map(({ rank }) => rank),
        )}) as served (warehouse_id, rank)`,
  );
  const touched = await rows<{ skuId: SkuId }>(
    ctx.tx,
    sql`select sku_id as "skuId" from stock_levels
        where warehouse_id = any(${list('uuid', [...ids, ...before.map(({ warehouseId }) => warehouseId)])}) and on_hand > 0
        union
        select sku_id from stock_demand where shop_id = ${shopId} and quantity > 0`,
  );
  const skuIds = touched.map(({ skuId }) => skuId);
  raiseStockChanged(ctx, skuIds);
  raiseStockFreed(ctx, skuIds);
  await writeAudit(ctx, { action: 'shop.served', subjectKind: 'shop', subjectId: shopId, data: { warehouses } });
}
