import { findShipmentIds } from '../../fulfilment/index.ts';
import { findSkusByBarcodes, findSkusByCodes, getSku } from '../../catalog/index.ts';
import { getListing, getShop, listListings, listShops, type ListingRow, type ShopRow } from '../../channels/index.ts';
import { getShipment, type ShipmentDetail } from '../../fulfilment/index.ts';
import { Fault, isId, pageSizeMax, parseId, type SkuId, type WarehouseId } from '../../kernel/index.ts';
import { findOrder, getOrder, type OrderDetail } from '../../orders/index.ts';
import type { AnyDb } from '../../platform/db/index.ts';
import { listWarehouses } from '../../stock/index.ts';

/** What people type finds one thing or nothing: never the first of several. */
function only<Found>(
  found: readonly Found[],
  what: string,
  text: string,
  next: string,
  describe: (one: Found) => string,
): Found {
  const [first] = found;
  if (first === undefined) {
    throw new Fault('not_found', `${what}.unknown`, { message: `There is no ${what} "${text}".\n  Next: ${next}` });
  }
  if (found.length === 1) return first;
  throw new Fault('conflict', `${what}.ambiguous`, {
    message: `"${text}" may be:\n${found.map((one) => `  ${describe(one)}`).join('\n')}\n  Next: use the id, or --shop where the command takes it.`,
  });
}

/** By id, by name, or by the beginning of a name, which no other shop shares. */
export async function findShop(db: AnyDb, text: string): Promise<ShopRow> {
  if (isId(text)) return getShop(db, parseId<'shop'>(text, 'SHOP'));
  const { items } = await listShops(db, { after: null, limit: pageSizeMax });
  const wanted = text.trim().toLowerCase();
  const exact = items.filter((shop) => shop.name.toLowerCase() === wanted);
  const begun = items.filter((shop) => shop.name.toLowerCase().startsWith(wanted));
  const found = exact.length > 0 ? exact : begun;
  return only(found, 'shop', text, 'wharf shop list shows the shops.', (shop) => `${shop.shopId}  ${shop.name}`);
}

/** By id, by the channel's id, or by the channel's SKU code; only of one shop where it is named. */
export async function findListing(db: AnyDb, text: string, shop: ShopRow | null = null): Promise<ListingRow> {
  if (isId(text)) return getListing(db, parseId<'listing'>(text, 'LISTING'));
  const filters = { search: text, shopId: shop?.shopId ?? null };
  const { items } = await listListings(db, { after: null, limit: pageSizeMax }, filters);
  const found = items.filter((listing) => listing.externalId === text || listing.skuCode === text);
  const next = 'wharf listing list shows the listings.';
  return only(
    found,
    'listing',
    text,
    next,
    (listing) => `${listing.listingId}  ${listing.externalId}  ${listing.title}`,
  );
}

/** By id, by our number, or by the number the buyer knows; only of one shop where it is named. */
export async function findOneOrder(db: AnyDb, text: string, shop: ShopRow | null = null): Promise<OrderDetail> {
  if (isId(text)) return getOrder(db, parseId<'order'>(text, 'NO'));
  const all = await findOrder(db, text.replace(/^#/, ''));
  const found = all.filter((order) => shop === null || order.shopId === shop.shopId);
  const names = found.length > 1 ? await shopNames(db) : new Map<string, string>();
  const next = 'wharf order list shows the orders.';
  const { orderId } = only(
    found,
    'order',
    text,
    next,
    (order) => `${order.orderId}  ${order.number}  ${order.externalNumber}  ${names.get(order.shopId) ?? ''}`,
  );
  return getOrder(db, orderId);
}

async function shopNames(db: AnyDb): Promise<ReadonlyMap<string, string>> {
  const { items } = await listShops(db, { after: null, limit: pageSizeMax, withRemoved: true });
  return new Map(items.map(({ shopId, name }) => [shopId, name]));
}

/** By id or number. */
export async function findShipment(db: AnyDb, text: string): Promise<ShipmentDetail> {
  const number = /^#?(\d{1,15})$/.exec(text)?.[1];
  const id = isId(text)
    ? parseId<'shipment'>(text, 'NO')
    : (await findShipmentIds(db, number === undefined ? [] : [Number(number)])).get(Number(number));
  const shipment = id === undefined ? null : await getShipment(db, id);
  const next = 'wharf shipment list shows the shipments.';
  return only(shipment === null ? [] : [shipment], 'shipment', text, next, (one) => one.shipmentId);
}

/** By id, code or barcode. */
export async function findSku(db: AnyDb, text: string): Promise<SkuId> {
  if (isId(text)) return (await getSku(db, parseId<'sku'>(text, '--sku'))).skuId;
  const skuId = (await findSkusByCodes(db, [text])).get(text) ?? (await findSkusByBarcodes(db, [text])).get(text);
  const next = 'wharf stock sku list shows the SKUs; wharf stock sku add makes one.';
  return only(skuId === undefined ? [] : [skuId], 'sku', text, next, String);
}

/** Warehouses by code or id, in the order given. */
export async function findWarehouses(db: AnyDb, texts: readonly string[]): Promise<WarehouseId[]> {
  const all = await listWarehouses(db);
  return texts.map((text) => {
    const found = all.filter(({ warehouseId, code }) => code === text || warehouseId === text.toLowerCase());
    const next = 'wharf stock warehouses lists them; wharf stock warehouse add makes one.';
    return only(found, 'warehouse', text, next, ({ code }) => code).warehouseId;
  });
}
