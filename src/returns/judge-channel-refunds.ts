import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { groupBy, type OrderId } from '../kernel/index.ts';
import { lockOrders } from '../orders/index.ts';
import { list, rows, type AnyDb, type Ctx } from '../platform/db/index.ts';
import { insertReturns } from './insert-returns.ts';
import { readKnownRefunds, stands, type KnownRefund } from './known-refunds.ts';
import { noteFailedRefunds } from './note-failed-refunds.ts';
import { judgeRefunds, type Judgement, type ToldRefund } from './plan-judgement.ts';
import { readShippedOrders, type ShippedOrder } from './shipped-orders.ts';
import { isUntouched, readStandingReturns, type StandingReturn } from './standing-returns.ts';
import { withdrawReturns } from './withdraw-return.ts';
import { writeRefunds } from './write-refunds.ts';

/**
 * Judges each refund that the channel shows of these orders once: it joins the return that asked for it, or one whose units
 * it pays back, opens one for goods that had left, or concerns money alone. While a refund that we asked for is on its way,
 * those of its order wait: the channel may show it before it has answered us. A return opened by a refund that has failed
 * is withdrawn while nothing is decided. One statement where there is nothing to judge, a constant number otherwise.
 */
export async function judgeChannelRefunds(ctx: Ctx, orderIds: readonly OrderId[]): Promise<void> {
  authorise(ctx, 'orders:write');
  const touched = await findTouched(ctx.tx, orderIds);
  if (touched.length === 0) return;
  const locked = await lockOrders(ctx, touched);
  const known = groupBy(await readKnownRefunds(ctx.tx, locked), (refund) => refund.orderId);
  const standing = await readStandingReturns(ctx.tx, locked);
  const failed = new Set(standing.filter((each) => hasFailed(each, known.get(each.orderId) ?? [])));
  await withdrawReturns(ctx, [...failed], 'refund_failed');
  await noteFailedRefunds(ctx, locked);
  const returns = groupBy(
    standing.filter((each) => !failed.has(each)),
    (each) => each.orderId,
  );
  const told = groupBy(await readUnjudged(ctx.tx, locked), (refund) => refund.orderId);
  const orders = await readShippedOrders(ctx.tx, locked);
  const judged = [...orders.values()].flatMap((order) => {
    const own = known.get(order.orderId) ?? [];
    if (own.some(({ state }) => state === 'asked')) return [];
    const input = {
      order,
      told: told.get(order.orderId) ?? [],
      known: own,
      returns: returns.get(order.orderId) ?? [],
    };
    return judgeRefunds(input).map((judgement) => ({ order, judgement }));
  });
  await store(ctx, judged);
}

async function store(
  ctx: Ctx,
  judged: readonly { readonly order: ShippedOrder; readonly judgement: Judgement }[],
): Promise<void> {
  await insertReturns(
    ctx,
    judged.flatMap(({ order: { orderId, shopId }, judgement: { returnId, opens, refund } }) => {
      if (returnId === null || opens.length === 0) return [];
      const reason = refund.reason ?? '';
      return [{ returnId, orderId, shopId, source: 'channel_refund' as const, reason, lines: opens }];
    }),
  );
  await writeRefunds(
    ctx,
    judged.map(({ order: { orderId }, judgement: { returnId, refund, units } }) => ({
      orderId,
      returnId,
      requestId: null,
      externalId: refund.externalId,
      state: 'made',
      amountMinor: refund.amountMinor,
      shippingMinor: 0,
      lines: units,
    })),
  );
}

/** Orders with a refund to judge, or with one that was judged and has failed since. */
async function findTouched(db: AnyDb, orderIds: readonly OrderId[]): Promise<OrderId[]> {
  const found = await rows<{ orderId: OrderId }>(
    db,
    sql`select distinct f.order_id as "orderId"
        from order_refunds f
        left join return_refunds r on r.order_id = f.order_id and r.external_id = f.external_id
        where f.order_id = any(${list('uuid', orderIds)})
          and case when f.state = 'failed' then r.state = 'made' else r.id is null end`,
  );
  return found.map(({ orderId }) => orderId);
}

function readUnjudged(db: AnyDb, orderIds: readonly OrderId[]): Promise<(ToldRefund & { orderId: OrderId })[]> {
  return rows(
    db,
    sql`select f.order_id as "orderId", f.external_id as "externalId", f.amount_minor as "amountMinor", f.reason, f.lines
        from order_refunds f
        where f.order_id = any(${list('uuid', orderIds)}) and f.state <> 'failed'
          and not exists (select from return_refunds r where r.order_id = f.order_id and r.external_id = f.external_id)
        order by f.refunded_at nulls last, f.external_id`,
  );
}

/** A person's return, and one that the channel reports as well, goes on without its money. */
function hasFailed(found: StandingReturn, known: readonly KnownRefund[]): boolean {
  return (
    found.source === 'channel_refund' &&
    !found.isReported &&
    isUntouched(found) &&
    !known.some((refund) => refund.returnId === found.returnId && stands(refund))
  );
}
