import { sql } from 'drizzle-orm';
import { rows, unnest, type AnyDb } from '../platform/db/index.ts';
import { levelColumns, type LevelKey } from './level.ts';
import type { Place } from './pick-details.ts';

/** The sellable details of these levels; stable while the levels are locked. */
export async function readPlaces(db: AnyDb, keys: readonly LevelKey[]): Promise<Place[]> {
  return rows<Place>(
    db,
    sql`select detail.sku_id as "skuId", detail.warehouse_id as "warehouseId", detail.bin_code as "binCode",
          detail.lot_id as "lotId", lot.expires_on as "expiresOn", detail.quantity
        from stock_details detail left join lots lot on lot.id = detail.lot_id
        where detail.condition = 'sellable' and detail.quantity > 0
          and (detail.sku_id, detail.warehouse_id) in (
            select * from ${unnest(levelColumns, keys)}
          )`,
  );
}
