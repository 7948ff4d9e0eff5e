import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { OrderId, SkuId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { raiseDemandDue, raiseStockChanged } from './events.ts';

/** What the order knows and its demand needs for claiming and ranking. The caller holds the order's lock. */
export type DemandFacts = {
  readonly orderId: OrderId;
  readonly claims: boolean;
  readonly isHeld: boolean;
  readonly priority: number;
  readonly shipBy: Date | null;
  readonly paidAt: Date | null;
};

type Before = {
  readonly orderId: OrderId;
  readonly skuId: SkuId;
  readonly quantity: number;
  readonly claims: boolean;
  readonly isHeld: boolean;
};

/** Carries an order's facts to all its demand. Demand whose last hold went is due. */
export async function setDemandFacts(ctx: Ctx, facts: readonly DemandFacts[]): Promise<void> {
  authorise(ctx, 'orders:write');
  if (facts.length === 0) return;
  const byOrder = new Map(facts.map((fact) => [fact.orderId, fact]));
  const before = await lockOrderDemand(ctx, [...byOrder.keys()]);
  await writeFacts(ctx, [...byOrder.values()]);
  const open = before.filter(({ quantity }) => quantity > 0);
  raiseStockChanged(
    ctx,
    open.filter((row) => byOrder.get(row.orderId)?.claims !== row.claims).map((row) => row.skuId),
  );
  if (open.some((row) => row.isHeld && byOrder.get(row.orderId)?.isHeld === false)) raiseDemandDue(ctx);
}

function lockOrderDemand(ctx: Ctx, orderIds: readonly OrderId[]): Promise<Before[]> {
  return rows<Before>(
    ctx.tx,
    sql`select order_id as "orderId", sku_id as "skuId", quantity, claims, is_held as "isHeld"
        from stock_demand where order_id = any(${list('uuid', orderIds)})
        order by stock_demand.part_id
        for update`,
  );
}

async function writeFacts(ctx: Ctx, facts: readonly DemandFacts[]): Promise<void> {
  await rows(
    ctx.tx,
    sql`update stock_demand set
          is_due = stock_demand.is_due or (stock_demand.is_held and not fact.is_held),
          claims = fact.claims, is_held = fact.is_held, priority = fact.priority, ship_by = fact.ship_by,
          paid_at = fact.paid_at
        from unnest(
          ${list(
            'uuid',
            facts.map((fact) => fact.orderId),
          )},
          ${list(
            'bool',
            facts.map((fact) => fact.claims),
          )},
          ${list(
            'bool',
            facts.map((fact) => fact.isHeld),
          )},
          ${list(
            'int4',
            facts.map((fact) => fact.priority),
          )},
          ${list(
            'timestamptz',
            facts.map((fact) => fact.shipBy),
          )},
          ${list(
            'timestamptz',
            facts.map((fact) => fact.paidAt),
          )}
        ) as fact (order_id, claims, is_held, priority, ship_by, paid_at)
        where stock_demand.order_id = fact.order_id
          and (stock_demand.claims, stock_demand.is_held, stock_demand.priority, stock_demand.ship_by, stock_demand.paid_at)
            is distinct from (fact.claims, fact.is_held, fact.priority, fact.ship_by, fact.paid_at)`,
  );
}
