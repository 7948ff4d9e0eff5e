import { readSkus } from '../catalog/index.ts';
import { readReasons, type NamedReason } from '../explain/index.ts';
import { mayDo, type Scope } from '../identity/index.ts';
import type { SkuId } from '../kernel/index.ts';
import type { Actor, Database } from '../platform/db/index.ts';
import { listExceptions, type ExceptionRow } from '../platform/exceptions/index.ts';
import { listLanes, type LaneRow } from '../platform/queue/index.ts';
import { listWarehouses, type WarehouseItem } from '../stock/index.ts';
import {
  readCounts,
  readNewestOrders,
  readNewestReasons,
  readShops,
  readStock,
  readWork,
  type BoardCounts,
  type BoardOrder,
  type BoardShop,
  type BoardStock,
  type BoardWork,
} from './queries.ts';

/** What a token may not see is the scope that it lacks. */
export type Section<Content> = Content | { readonly lacks: Scope };

export type Board = {
  readonly now: Date;
  readonly counts: BoardCounts | null;
  readonly orders: Section<{
    readonly items: readonly BoardOrder[];
    readonly why: { readonly number: number; readonly reasons: readonly NamedReason[] } | null;
  }>;
  readonly stock: Section<{
    readonly items: readonly BoardStock[];
    readonly warehouses: readonly WarehouseItem[];
    readonly hasMore: boolean;
  }>;
  readonly lanes: Section<{ readonly items: readonly LaneRow[] }>;
  readonly shops: Section<{ readonly items: readonly BoardShop[] }>;
  readonly work: (BoardWork & { readonly waitingRings: number | null }) | null;
  readonly exceptions: Section<{ readonly items: readonly ExceptionRow[] }>;
};

export type BoardDeps = {
  readonly database: Database;
  /** Rings that wait in the queue; absent where there is none. */
  readonly countWaiting?: () => Promise<number>;
};

const ordersShownMax = 25;
const skusShownMax = 60;
const shopsShownMax = 50;
const exceptionsShownMax = 10;
const dayMs = 86_400_000;

/** Everything that one look at the console shows, in a constant number of bounded statements. */
export async function readBoard(deps: BoardDeps, actor: Actor, now: Date): Promise<Board> {
  const { database } = deps;
  const [counts, orders, stock, lanes, shops, work, exceptions] = await Promise.all([
    mayDo(actor, 'orders:read') ? database.read((db) => readCounts(db, new Date(now.getTime() - dayMs))) : null,
    guarded(actor, 'orders:read', () => readOrders(database)),
    guarded(actor, 'stock:read', () => readStockSection(database)),
    guarded(actor, 'audit:read', async () => ({ items: await database.read((db) => listLanes(db, now)) })),
    guarded(actor, 'shops:read', async () => ({ items: await database.read((db) => readShops(db, shopsShownMax)) })),
    mayDo(actor, 'audit:read') ? readWaiting(deps) : null,
    guarded(actor, 'audit:read', () =>
      database.read((db) => listExceptions(db, { after: null, limit: exceptionsShownMax })),
    ),
  ]);
  return { now, counts, orders, stock, lanes, shops, work, exceptions };
}

async function guarded<Content>(actor: Actor, scope: Scope, read: () => Promise<Content>): Promise<Section<Content>> {
  return mayDo(actor, scope) ? read() : { lacks: scope };
}

async function readOrders(database: Database): Promise<Exclude<Board['orders'], { lacks: Scope }>> {
  return database.read(async (db) => {
    const items = await readNewestOrders(db, ordersShownMax);
    const newest = await readNewestReasons(db);
    const reasons = newest === null ? [] : readReasons(newest.reasons);
    if (newest === null || reasons.length === 0) return { items, why: null };
    const skuIds = new Set<SkuId>(reasons.flatMap((reason) => reason.lacks.map((lack) => lack.skuId)));
    const skus = await readSkus(db, [...skuIds]);
    const codes = new Map((await listWarehouses(db)).map(({ warehouseId, code }) => [warehouseId, code]));
    const named = reasons.map(({ warehouseId, code, lacks }): NamedReason => ({
      warehouse: codes.get(warehouseId) ?? '?',
      code,
      lacks: lacks.map(({ skuId, wanted, free }) => ({ sku: skus.get(skuId)?.code ?? '?', wanted, free })),
    }));
    return { items, why: { number: newest.number, reasons: named } };
  });
}

async function readStockSection(database: Database): Promise<Exclude<Board['stock'], { lacks: Scope }>> {
  return database.read(async (db) => {
    const found = await readStock(db, skusShownMax + 1);
    const warehouses = await listWarehouses(db);
    return { items: found.slice(0, skusShownMax), warehouses, hasMore: found.length > skusShownMax };
  });
}

async function readWaiting({ database, countWaiting }: BoardDeps): Promise<NonNullable<Board['work']>> {
  const work = await database.read(readWork);
  return { ...work, waitingRings: countWaiting === undefined ? null : await countWaiting() };
}
