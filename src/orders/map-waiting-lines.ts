import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { newId, type ListingId, type OrderId, type OrderLineId, type ShopId, type SkuId } from '../kernel/index.ts';
import { list, onBehalf, rows, type Ctx } from '../platform/db/index.ts';
import { cancelDemand, openDemand } from '../stock/index.ts';
import { addTimeline } from './add-timeline.ts';
import { lockOrders } from './locks.ts';
import { freshPart, partTarget } from './part-units.ts';
import { refreshDemandFacts } from './refresh-demand-facts.ts';
import { refreshFulfilmentStates } from './refresh-fulfilment-states.ts';
import { releaseHolds } from './release-holds.ts';
import type { PartRow } from './rows.ts';
import { forgetWaitingLines, insertParts } from './store-orders.ts';

type MappedLine = {
  readonly lineId: OrderLineId;
  readonly orderId: OrderId;
  readonly shopId: ShopId;
  readonly listingId: ListingId | null;
  readonly skuId: SkuId;
  readonly multiplier: number;
  readonly quantity: number;
  readonly cancelled: number;
  readonly fulfilled: number;
  readonly claims: boolean;
  readonly priority: number;
  readonly shipBy: Date | null;
  readonly paidAt: Date | null;
  readonly placedAt: Date;
};

/** Waiting lines whose listing, or for a listing that is gone whose SKU code, is known by now. */
export const mappedWaitingLines = sql`unmapped_lines w
  left join listings li on li.shop_id = w.shop_id and li.external_id = w.listing_external_id
  left join skus sk on w.listing_external_id is null and sk.code = w.sku_code
  where coalesce(li.sku_id, sk.id) is not null`;

/** One batch of the mapping lane: lines get parts and claim; an order with no line left to wait for goes on by itself. */
export async function mapWaitingLines(ctx: Ctx, limit: number): Promise<number> {
  authorise(ctx, 'orders:write');
  const inner = onBehalf(ctx, 'map_waiting_lines');
  const found = await rows<{ orderId: OrderId }>(
    inner.tx,
    sql`select distinct w.order_id as "orderId" from ${mappedWaitingLines} order by w.order_id limit ${limit}`,
  );
  if (found.length === 0) return 0;
  const orderIds = await lockOrders(
    inner,
    found.map((row) => row.orderId),
  );
  const lines = await readMappedLines(inner, orderIds);
  const parts = lines.map((line) => ({ line, part: partOf(line) }));
  await insertParts(
    inner,
    parts.map(({ part }) => part),
  );
  await nameListings(inner, lines);
  await openDemand(
    inner,
    parts.map(({ line, part }) => demandOf(line, part)),
  );
  const gone = parts.filter(({ part }) => part.cancelled > 0);
  await cancelDemand(
    inner,
    gone.map(({ part }) => ({ partId: part.id, quantity: part.cancelled })),
  );
  await forgetWaitingLines(
    inner,
    lines.map((line) => line.lineId),
  );
  await addTimeline(
    inner,
    lines.map((line) => ({ orderId: line.orderId, kind: 'mapped', data: { lineId: line.lineId, skuId: line.skuId } })),
  );
  await releaseHolds(
    inner,
    (await findComplete(inner, orderIds)).map((orderId) => ({ orderId, kind: 'unmapped' })),
  );
  await refreshDemandFacts(inner, orderIds);
  await refreshFulfilmentStates(inner, orderIds);
  return lines.length;
}

function readMappedLines(ctx: Ctx, orderIds: readonly OrderId[]): Promise<MappedLine[]> {
  return rows<MappedLine>(
    ctx.tx,
    sql`select m.*, l.quantity, l.cancelled_quantity as cancelled, l.channel_fulfilled_quantity as fulfilled,
               s.claims_at = 'placed' or o.payment_state <> 'unpaid' as claims, o.priority, o.ship_by as "shipBy",
               o.paid_at as "paidAt", o.placed_at as "placedAt"
        from (
          select w.order_line_id as "lineId", w.order_id as "orderId", w.shop_id as "shopId", li.id as "listingId",
                 coalesce(li.sku_id, sk.id) as "skuId", coalesce(li.multiplier, 1) as multiplier
          from ${mappedWaitingLines} and w.order_id = any(${list('uuid', orderIds)})
        ) m
        join order_lines l on l.id = m."lineId"
        join orders o on o.id = m."orderId"
        join shops s on s.id = o.shop_id
        order by m."orderId", l.position`,
  );
}

function partOf(line: MappedLine): PartRow {
  const fresh = freshPart(line.multiplier);
  const ids = { id: newId<'order_line_part'>(), orderLineId: line.lineId, orderId: line.orderId, skuId: line.skuId };
  return { ...fresh, ...partTarget(line, fresh), ...ids };
}

/** Held until the order's last hold goes, which the facts then tell. */
function demandOf(line: MappedLine, part: PartRow): Parameters<typeof openDemand>[1][number] {
  const { orderId, shopId, skuId, claims, priority, shipBy, paidAt, placedAt } = line;
  return {
    partId: part.id,
    orderId,
    shopId,
    skuId,
    quantity: part.ordered,
    claims,
    isHeld: true,
    priority,
    shipBy,
    paidAt,
    placedAt,
  };
}

async function nameListings(ctx: Ctx, lines: readonly MappedLine[]): Promise<void> {
  await rows(
    ctx.tx,
    sql`update order_lines l set listing_id = t.listing_id
        from unnest(${list(
          'uuid',
          lines.map((line) => line.lineId),
        )}, ${list(
          'uuid',
          lines.map((line) => line.listingId),
        )})
          as t(id, listing_id)
        where l.id = t.id and t.listing_id is not null`,
  );
}

async function findComplete(ctx: Ctx, orderIds: readonly OrderId[]): Promise<OrderId[]> {
  const complete = await rows<{ id: OrderId }>(
    ctx.tx,
    sql`select o.id from orders o where o.id = any(${list('uuid', orderIds)})
          and not exists (select from unmapped_lines w where w.order_id = o.id)`,
  );
  return complete.map((row) => row.id);
}
