import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { Fault, invalidField, type ShopId, type WarehouseId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { constraintName, list, rows, type Ctx } from '../platform/db/index.ts';
import { bumpShopListings } from './bump-shop-listings.ts';
import { lockShop } from './locks.ts';

export type LocationMapping = {
  readonly externalId: string;
  /** Null takes the mapping back. A shop with a location that stands for no warehouse is told no numbers. */
  readonly warehouseId: WarehouseId | null;
  /** Numbers are spread over the locations in this order. */
  readonly rank: number;
};

/**
 * Says which warehouse a location of the channel stands for; locations that are not named stay. The numbers by location
 * change with it, so every listing of the shop is told again. Throws Fault `location.unknown`, `warehouse.unknown` or
 * `location.warehouse_taken`, which name the field (`locations.1.warehouseId`).
 */
export async function mapLocations(ctx: Ctx, shopId: ShopId, mappings: readonly LocationMapping[]): Promise<void> {
  authorise(ctx, 'shops:write');
  checkMappings(mappings);
  await lockShop(ctx, shopId);
  const externalIds = list(
    'text',
    mappings.map((mapping) => mapping.externalId),
  );
  // First off, then on: two locations may swap their warehouses, and the unique key is checked row by row.
  const known = await rows<{ externalId: string }>(
    ctx.tx,
    sql`update shop_locations set warehouse_id = null
        where shop_id = ${shopId} and external_id = any(${externalIds})
        returning external_id as "externalId"`,
  );
  checkKnown(mappings, new Set(known.map((row) => row.externalId)));
  await checkFree(ctx, shopId, mappings);
  try {
    await rows(
      ctx.tx,
      sql`update shop_locations l set warehouse_id = t.warehouse_id, rank = t.rank
          from unnest(${externalIds}, ${list(
            'uuid',
            mappings.map((mapping) => mapping.warehouseId),
          )},
                      ${list(
                        'int4',
                        mappings.map((mapping) => mapping.rank),
                      )}) as t (external_id, warehouse_id, rank)
          where l.shop_id = ${shopId} and l.external_id = t.external_id`,
    );
  } catch (error) {
    if (constraintName(error) !== 'shop_locations_warehouse_id_fk') throw error;
    throw new Fault('not_found', 'warehouse.unknown', {
      message: 'locations: name a warehouse that does not exist',
      fields: [{ path: 'locations', code: 'warehouse.unknown', message: 'name a warehouse that does not exist' }],
    });
  }
  await writeAudit(ctx, {
    action: 'shop.locations_mapped',
    subjectKind: 'shop',
    subjectId: shopId,
    data: { locations: mappings },
  });
  await bumpShopListings(ctx, shopId);
}

function checkMappings(mappings: readonly LocationMapping[]): void {
  if (mappings.length === 0) throw invalidField('locations', 'input.empty', 'must not be empty');
  const locations = new Set<string>();
  const warehouses = new Set<string>();
  for (const [at, { externalId, warehouseId, rank }] of mappings.entries()) {
    if (!Number.isInteger(rank) || rank < 0 || rank > 1_000) {
      throw invalidField(`locations.${at}.rank`, 'location.bad_rank', 'must be a whole number from 0 to 1000');
    }
    if (locations.size === locations.add(externalId).size) {
      throw invalidField(`locations.${at}.externalId`, 'location.repeated', 'stands twice in the list');
    }
    if (warehouseId !== null && warehouses.size === warehouses.add(warehouseId).size) {
      throw invalidField(`locations.${at}.warehouseId`, 'location.warehouse_taken', 'stands for two locations');
    }
  }
}

function checkKnown(mappings: readonly LocationMapping[], known: ReadonlySet<string>): void {
  const at = mappings.findIndex((mapping) => !known.has(mapping.externalId));
  if (at === -1) return;
  const path = `locations.${at}.externalId`;
  const message = 'is not a location of this shop';
  throw new Fault('not_found', 'location.unknown', {
    message: `${path}: ${message}`,
    fields: [{ path, code: 'location.unknown', message }],
  });
}

/** The shop is locked, so that what is free now stays free. */
async function checkFree(ctx: Ctx, shopId: ShopId, mappings: readonly LocationMapping[]): Promise<void> {
  const taken = await rows<{ warehouseId: WarehouseId }>(
    ctx.tx,
    sql`select warehouse_id as "warehouseId" from shop_locations
        where shop_id = ${shopId} and warehouse_id = any(${list(
          'uuid',
          mappings.map((mapping) => mapping.warehouseId),
        )})`,
  );
  const first = taken[0]?.warehouseId;
  if (first === undefined) return;
  const path = `locations.${mappings.findIndex((mapping) => mapping.warehouseId === first)}.warehouseId`;
  const message = 'stands for another location of this shop';
  throw new Fault('conflict', 'location.warehouse_taken', {
    message: `${path}: ${message}`,
    fields: [{ path, code: 'location.warehouse_taken', message }],
  });
}
