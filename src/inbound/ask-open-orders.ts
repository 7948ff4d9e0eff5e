import { openOrderAgeMs, openOrdersAskedMax, openOrdersCheckIntervalMs } from '../../config/defaults.ts';
import { advanceCursor, type LaneStep } from '../channels/index.ts';
import { findOrdersToReread } from '../orders/index.ts';
import { onBehalf } from '../platform/db/index.ts';
import { askReads } from './ask-reads.ts';
import { beginPoll } from './poll-stream.ts';
import { inboundActor } from './actor.ts';

/** Where the channel's change clock lies: asks for orders it may still change and that were not read for a while. */
export const askOpenOrders: LaneStep = async (deps, session, lease) => {
  if (!session.connector.orders.rereadOpen) return { didWork: false };
  const begun = await beginPoll(deps, session, 'open_orders');
  if (begun === null) return { didWork: false };
  const { shopId } = session.shop;
  const asked = await deps.database.transact({ actor: inboundActor }, async (ctx) => {
    await lease.guard(ctx);
    const inner = onBehalf(ctx, 'ask_open_orders');
    const readBefore = new Date(ctx.now.getTime() - openOrderAgeMs);
    const due = await findOrdersToReread(inner.tx, shopId, readBefore, openOrdersAskedMax);
    await advanceCursor(inner, {
      shopId,
      stream: 'open_orders',
      fromVersion: begun.cursor?.version ?? 0,
      state: null,
      resume: null,
      dueAt: new Date(ctx.now.getTime() + openOrdersCheckIntervalMs),
      startedAt: ctx.now,
      finishedAt: ctx.now,
    });
    return askReads(inner, shopId, due);
  });
  return { didWork: asked > 0 };
};
