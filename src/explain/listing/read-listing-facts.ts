import { sql } from 'drizzle-orm';
import { readSkus } from '../../catalog/index.ts';
import {
  getListing,
  getShop,
  listLocations,
  readHealth,
  type ConnectorRegistry,
  type ListingRow,
  type ListingToTell,
  type ShopRow,
} from '../../channels/index.ts';
import { readSeller } from '../../invoicing/index.ts';
import { Fault, type ListingId, type ShopId } from '../../kernel/index.ts';
import { stockNumbers, type StockNumber } from '../../outbound/index.ts';
import { firstRow, list, rows, type AnyDb } from '../../platform/db/index.ts';
import { listWarehouses } from '../../stock/index.ts';
import type { ListingFacts } from './listing-facts.ts';

/**
 * Reads what a listing's number is explained from. The number is the one that a push would read now, by the push's own
 * reads; give it a snapshot, for the facts must agree. Throws Fault `listing.unknown`, `channel.unknown`.
 */
export async function readListingFacts(
  db: AnyDb,
  connectors: ConnectorRegistry,
  listingId: ListingId,
  now: Date,
): Promise<ListingFacts> {
  const listing = await getListing(db, listingId);
  const shop = await getShop(db, listing.shopId);
  const connector = connectors.get(shop.channel);
  if (connector === undefined) throw new Fault('conflict', 'channel.unknown', { data: { channel: shop.channel } });
  const number = await readNumber(db, { shop, connector }, listing);
  return {
    now,
    timeZone: (await readSeller(db))?.timeZone ?? shop.timeZone,
    listing,
    shop,
    health: await readHealth(db, shop.shopId),
    takesStock: connector.stock !== undefined,
    number,
    locations: await listLocations(db, shop.shopId),
    waitingDocuments: await countWaitingDocuments(db, shop.shopId),
    names: await readNames(db, listing, shop, number),
  };
}

async function readNumber(
  db: AnyDb,
  source: Parameters<typeof stockNumbers>[1],
  listing: ListingRow,
): Promise<StockNumber | null> {
  if (listing.skuId === null) return null;
  const toTell: ListingToTell = { ...listing, skuId: listing.skuId };
  const [number] = await stockNumbers(db, source, [toTell]);
  return number ?? null;
}

async function countWaitingDocuments(db: AnyDb, shopId: ShopId): Promise<number> {
  const found = await firstRow<{ count: number }>(
    db,
    sql`select count(*) from inbox_events where shop_id = ${shopId} and state = 'pending'`,
  );
  return found?.count ?? 0;
}

async function readNames(
  db: AnyDb,
  listing: ListingRow,
  shop: ShopRow,
  number: StockNumber | null,
): Promise<ListingFacts['names']> {
  const skuIds = [listing.skuId, listing.proposedSkuId].flatMap((id) => (id === null ? [] : [id]));
  const skus = await readSkus(db, skuIds);
  const codeOf = (id: ListingRow['skuId']): string | null => (id === null ? null : (skus.get(id)?.code ?? null));
  const warehouses = await listWarehouses(db);
  const claimants = number?.terms.promise.claims.map((claim) => claim.shopId) ?? [];
  const shops = await rows<{ shopId: string; name: string }>(
    db,
    sql`select id as "shopId", name from shops where id = any(${list('uuid', claimants)})`,
  );
  return {
    warehouses: new Map(warehouses.map(({ warehouseId, name }) => [warehouseId, name])),
    shops: new Map([[shop.shopId, shop.name], ...shops.map(({ shopId, name }) => [shopId, name] as const)]),
    sku: codeOf(listing.skuId),
    proposedSku: codeOf(listing.proposedSkuId),
  };
}
