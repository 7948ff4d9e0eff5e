import { sql } from 'drizzle-orm';
import type { OrderId, PartId, ShopId, SkuId } from '../kernel/index.ts';
import { firstRow, list, rows, type AnyDb } from '../platform/db/index.ts';

/** What scarce units go by (DESIGN §1.5). */
export type DemandRank = {
  readonly orderId: OrderId;
  readonly priority: number;
  readonly shipBy: Date | null;
  readonly paidAt: Date | null;
  readonly placedAt: Date;
};

export type Demand = DemandRank & {
  readonly partId: PartId;
  readonly shopId: ShopId;
  readonly skuId: SkuId;
  readonly quantity: number;
  readonly claims: boolean;
  readonly isHeld: boolean;
  readonly isDue: boolean;
};

const columns = sql`part_id as "partId", order_id as "orderId", shop_id as "shopId", sku_id as "skuId", quantity, claims,
  is_held as "isHeld", is_due as "isDue", priority, ship_by as "shipBy", paid_at as "paidAt", placed_at as "placedAt"`;

/** Negative where `a` goes first. The same order as the index `stock_demand_due`: no date goes after every date. */
export function compareDemand(a: DemandRank, b: DemandRank): number {
  return (
    b.priority - a.priority ||
    compareDates(a.shipBy, b.shipBy) ||
    compareDates(a.paidAt, b.paidAt) ||
    compareDates(a.placedAt, b.placedAt) ||
    (a.orderId === b.orderId ? 0 : a.orderId < b.orderId ? -1 : 1)
  );
}

export async function readDemand(db: AnyDb, partIds: readonly PartId[]): Promise<Map<PartId, Demand>> {
  const found = await rows<Demand>(
    db,
    sql`select ${columns} from stock_demand where part_id = any(${list('uuid', partIds)})`,
  );
  return new Map(found.map((demand) => [demand.partId, demand]));
}

/** Open demand that nobody holds and the allocator has not looked at, the most urgent first. */
export async function findDueDemand(db: AnyDb, limit: number): Promise<Demand[]> {
  return rows<Demand>(
    db,
    sql`select ${columns} from stock_demand where is_due and not is_held and quantity > 0
        order by priority desc, ship_by, paid_at, placed_at, order_id
        limit ${limit}`,
  );
}

export async function hasDueDemand(db: AnyDb): Promise<boolean> {
  return (
    (await firstRow(db, sql`select 1 from stock_demand where is_due and not is_held and quantity > 0 limit 1`)) !== null
  );
}

/** All open demand of these orders, due or not, held or not, in rank and then part order. */
export async function findOpenDemandForOrders(db: AnyDb, orderIds: readonly OrderId[]): Promise<Demand[]> {
  return rows<Demand>(
    db,
    sql`select ${columns} from stock_demand where order_id = any(${list('uuid', orderIds)}) and quantity > 0
        order by priority desc, ship_by, paid_at, placed_at, order_id, part_id`,
  );
}

function compareDates(a: Date | null, b: Date | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a.getTime() - b.getTime();
}
