import { sql } from 'drizzle-orm';
import type { ChannelLocation } from '../connector-kit/index.ts';
import { authorise } from '../identity/index.ts';
import type { ShopId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';

/**
 * Stores the places where a channel counts stock, as the channel lists them now. New ones rank behind those known; one that
 * is gone is forgotten unless a warehouse is mapped to it. An empty list is not believed and changes nothing.
 */
export async function storeLocations(ctx: Ctx, shopId: ShopId, locations: readonly ChannelLocation[]): Promise<void> {
  authorise(ctx, 'shops:write');
  const names = new Map(locations.map((location) => [location.externalId, location.name]));
  if (names.size === 0) return;
  const externalIds = list('text', names.keys());
  await rows(
    ctx.tx,
    sql`insert into shop_locations (shop_id, external_id, name, rank)
        select ${shopId}, t.external_id, t.name,
               t.position - 1 + (select coalesce(max(rank) + 1, 0) from shop_locations where shop_id = ${shopId})
        from unnest(${externalIds}, ${list('text', names.values())}) with ordinality as t (external_id, name, position)
        on conflict (shop_id, external_id) do update set name = excluded.name
        where shop_locations.name <> excluded.name`,
  );
  await rows(
    ctx.tx,
    sql`delete from shop_locations
        where shop_id = ${shopId} and warehouse_id is null and external_id <> all(${externalIds})`,
  );
}
