import { readSkus } from '../../catalog/index.ts';
import { getShop, readHealth } from '../../channels/index.ts';
import { listInvoicesOfOrder, readSeller } from '../../invoicing/index.ts';
import { isId, parseId, type OrderId, type SkuId } from '../../kernel/index.ts';
import { getOrder, type OrderDetail } from '../../orders/index.ts';
import type { AnyDb } from '../../platform/db/index.ts';
import { listExceptions } from '../../platform/exceptions/index.ts';
import { listReturnsOfOrder } from '../../returns/index.ts';
import { findOpenDemandForOrders, findServingWarehouses, listWarehouses, readLevels } from '../../stock/index.ts';
import type { Names, OrderFacts, WaitFacts } from './order-facts.ts';
import {
  readDocuments,
  readExpected,
  readHolders,
  readHolds,
  readParcels,
  readPartOrders,
  readQueue,
  readTokenNames,
  readWrites,
} from './order-queries.ts';

const exceptionsMax = 20;

/**
 * Reads what the story of an order is told from, in a constant number of statements; give it a snapshot, for the facts must
 * agree. Throws Fault `order.unknown`.
 */
export async function readOrderFacts(db: AnyDb, orderId: OrderId, now: Date): Promise<OrderFacts> {
  const order = await getOrder(db, orderId);
  const shop = await getShop(db, order.shopId);
  const waits = await readWaits(db, order);
  const partOrders = order.supersededBy === null ? [] : await readPartOrders(db, order.shopId, order.externalId);
  return {
    now,
    timeZone: (await readSeller(db))?.timeZone ?? shop.timeZone,
    shop,
    health: await readHealth(db, order.shopId),
    order,
    holds: await readHolds(db, orderId),
    documents: await readDocuments(db, order),
    parcels: await readParcels(db, orderId),
    writes: await readWrites(db, orderId),
    waits,
    returns: await listReturnsOfOrder(db, orderId),
    invoices: await listInvoicesOfOrder(db, orderId),
    exceptions: await readDocumentExceptions(db, order),
    partOrders,
    names: await readNames(db, order, waits),
  };
}

async function readWaits(db: AnyDb, { orderId, shopId }: OrderDetail): Promise<WaitFacts> {
  const demand = await findOpenDemandForOrders(db, [orderId]);
  const skuIds = [...new Set(demand.map((one) => one.skuId))];
  const serving = await findServingWarehouses(db, [shopId]);
  const warehouseIds = serving.map((one) => one.warehouseId);
  return {
    demand,
    serving,
    levels: await readLevels(db, skuIds),
    queue: await readQueue(db, orderId, warehouseIds),
    holders: await readHolders(db, orderId, skuIds, warehouseIds),
    expected: await readExpected(db, skuIds, warehouseIds),
  };
}

async function readDocumentExceptions(db: AnyDb, { shopId, externalId }: OrderDetail): Promise<string[]> {
  const { items } = await listExceptions(
    db,
    { after: null, limit: exceptionsMax },
    { subjectKind: 'channel_order', subjectId: `${shopId}:${externalId}` },
  );
  return items.map(({ kind }) => kind);
}

async function readNames(db: AnyDb, order: OrderDetail, waits: WaitFacts): Promise<Names> {
  const told = idsIn(order.timeline.map(({ data }) => data));
  const parts = order.lines.flatMap((line) => line.parts.map((part) => part.skuId));
  const skuIds = new Set<SkuId>([
    ...parts,
    ...waits.demand.map((one) => one.skuId),
    ...told.map((id) => parseId<'sku'>(id, 'skuId')),
  ]);
  const tokenIds = order.timeline.flatMap(({ actorKind, actorId }) => (actorKind === 'token' ? [actorId] : []));
  const warehouses = await listWarehouses(db);
  const skus = await readSkus(db, [...skuIds]);
  return {
    warehouses: new Map(warehouses.map(({ warehouseId, name }) => [warehouseId, name])),
    skus: new Map([...skus].map(([skuId, { code }]) => [skuId, code])),
    tokens: await readTokenNames(db, [...new Set(tokenIds.filter(isId))]),
  };
}

/** Every `skuId` below these values, whatever their shape. */
function idsIn(values: readonly unknown[]): string[] {
  return values.flatMap((value) => {
    if (typeof value !== 'object' || value === null) return [];
    const own = 'skuId' in value && typeof value.skuId === 'string' && isId(value.skuId) ? [value.skuId] : [];
    return [...own, ...idsIn(Object.values(value))];
  });
}
