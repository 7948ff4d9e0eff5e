import { sql } from 'drizzle-orm';
import { orderReadAttemptsMax, orderReadBatchMax, orderReadRetryDelayMs } from '../../config/defaults.ts';
import { recordShopSuccess, type LaneStep, type ShopDeps, type ShopSession } from '../channels/index.ts';
import type { ChannelFault, RawDocument } from '../connector-kit/index.ts';
import type { ShopId } from '../kernel/index.ts';
import { list, onBehalf, rows, type Ctx } from '../platform/db/index.ts';
import { closeExceptions, openExceptions } from '../platform/exceptions/index.ts';
import type { Lease } from '../platform/queue/index.ts';
import { callChannel } from './call-channel.ts';
import { holdMissingOrders, releaseFoundOrders } from './hold-missing-orders.ts';
import { missingOrder, unreadableOrder } from './read-exceptions.ts';
import { inboundActor } from './actor.ts';
import { storeDocuments } from './store-documents.ts';

type DueRead = { readonly externalId: string; readonly attempts: number };

/**
 * Reads orders by id that somebody asked for. An order the channel no longer has is an exception, and after a while a hold,
 * never a cancel. Where a call is refused as a whole, its orders are read one by one from then on, so that one bad order does
 * not stop the others.
 */
export const readOrdersAgain: LaneStep = async (deps, session, lease, signal) => {
  const { shopId } = session.shop;
  const { orders } = session.connector;
  const readOrders = orders.readOrders?.bind(orders);
  if (readOrders === undefined) return { didWork: false };
  const { now, due } = await deps.database.transact({ actor: inboundActor }, async (ctx) => ({
    now: ctx.now,
    due: await findDueReads(ctx, shopId),
  }));
  if (due.length === 0) return { didWork: false };
  const externalIds = due.map((read) => read.externalId);
  const answer = await callChannel(deps, session, lease, signal, (io) => readOrders(io, externalIds));
  if (answer.ok) {
    await storeAnswer(deps, session, lease, externalIds, answer.value, now);
    return { didWork: true };
  }
  if (answer.isFinal) await putOff(deps, session, lease, due, answer.fault);
  return { didWork: answer.isFinal };
};

/** Those never refused go together; one that was goes alone. */
async function findDueReads(ctx: Ctx, shopId: ShopId): Promise<DueRead[]> {
  const due = await rows<DueRead>(
    ctx.tx,
    sql`select external_id as "externalId", attempts from order_reads
        where shop_id = ${shopId} and due_at <= ${ctx.now}
        order by attempts, due_at, external_id limit ${orderReadBatchMax}`,
  );
  const fresh = due.filter((read) => read.attempts === 0);
  return fresh.length > 0 ? fresh : due.slice(0, 1);
}

async function storeAnswer(
  deps: ShopDeps,
  session: ShopSession,
  lease: Lease,
  externalIds: readonly string[],
  documents: readonly RawDocument[],
  readStartedAt: Date,
): Promise<void> {
  const { shopId } = session.shop;
  const found = new Set(documents.map((document) => document.externalId));
  await deps.database.transact({ actor: inboundActor }, async (ctx) => {
    await lease.guard(ctx);
    const inner = onBehalf(ctx, 'read_orders_again');
    await storeDocuments(inner, session, documents, { source: 'read', readStartedAt, isBackfill: false });
    await rows(
      inner.tx,
      sql`delete from order_reads where shop_id = ${shopId} and external_id = any(${list('text', externalIds)})
            and asked_at <= ${readStartedAt}`,
    );
    const missing = externalIds.filter((id) => !found.has(id));
    await openExceptions(
      inner,
      missing.map((id) => missingOrder(shopId, id)),
    );
    // Only where open orders are read again and again: then it is let go when it is found.
    if (session.connector.orders.rereadOpen) await holdMissingOrders(inner, shopId, missing);
    await releaseFoundOrders(inner, shopId, [...found]);
    await closeExceptions(
      inner,
      [...found].flatMap((id) => [missingOrder(shopId, id), unreadableOrder(shopId, id, null)]),
    );
    await recordShopSuccess(inner, shopId, 'call');
  });
}

async function putOff(
  deps: ShopDeps,
  session: ShopSession,
  lease: Lease,
  due: readonly DueRead[],
  fault: ChannelFault,
): Promise<void> {
  const { shopId } = session.shop;
  const given = due.filter((read) => read.attempts + 1 >= orderReadAttemptsMax).map((read) => read.externalId);
  await deps.database.transact({ actor: inboundActor }, async (ctx) => {
    await lease.guard(ctx);
    const retryAt = new Date(ctx.now.getTime() + (due.length === 1 ? orderReadRetryDelayMs : 0));
    await rows(
      ctx.tx,
      sql`update order_reads set attempts = attempts + 1, due_at = ${retryAt}
          where shop_id = ${shopId} and external_id = any(${list(
            'text',
            due.map((read) => read.externalId),
          )})`,
    );
    await rows(
      ctx.tx,
      sql`delete from order_reads where shop_id = ${shopId} and external_id = any(${list('text', given)})`,
    );
    await openExceptions(
      ctx,
      given.map((externalId) => unreadableOrder(shopId, externalId, fault)),
    );
  });
}
