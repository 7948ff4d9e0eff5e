import { ordersSweepIntervalMs, ordersSweepLookbackDays } from '../../config/defaults.ts';
import { advanceCursor, type Cursor, type LaneStep, type ShopDeps, type ShopSession } from '../channels/index.ts';
import type { Pull, RawDocument } from '../connector-kit/index.ts';
import { countOrdersSince } from '../orders/index.ts';
import { onBehalf } from '../platform/db/index.ts';
import type { Lease } from '../platform/queue/index.ts';
import { callChannel } from './call-channel.ts';
import { beginPoll, pollStream, type Begun } from './poll-stream.ts';
import { inboundActor } from './actor.ts';
import { storeDocuments } from './store-documents.ts';

/** A sweep on its way: from when it reads, and the connector's own state. */
type SweepState = { readonly since: string; readonly page: unknown };

/**
 * Once an hour compares how many orders the channel and the hub have of the last days. Where they differ, all of them are
 * read again; what is known already is not stored twice. For what no webhook told and no poll saw.
 */
export const sweepOrders: LaneStep = async (deps, session, lease, signal) => {
  const { orders } = session.connector;
  const pullOrders = orders.pullOrders?.bind(orders);
  if (pullOrders === undefined) return { didWork: false };
  const begun = await beginPoll(deps, session, 'sweep');
  if (begun === null) return { didWork: false };
  const running = readState(begun.cursor);
  const since = running?.since ?? sinceOf(session, begun).toISOString();
  if (running === null && !(await differs(deps, session, lease, signal, new Date(since)))) {
    await skip(deps, session, lease, begun);
    return { didWork: false };
  }
  return pollStream<RawDocument>(deps, session, lease, signal, {
    stream: 'sweep',
    intervalMs: ordersSweepIntervalMs,
    evenIfNotDue: true,
    pull: async (io, state) => {
      const page = (state as SweepState | null)?.page ?? null;
      return wrapped(since, await pullOrders(io, page, new Date(since)));
    },
    store: (ctx, documents, { readStartedAt }) =>
      storeDocuments(ctx, session, documents, { source: 'poll', readStartedAt, isBackfill: true }),
  });
};

function wrapped(since: string, pull: Pull<RawDocument, unknown>): Pull<RawDocument, unknown> {
  const next: SweepState | null = pull.next === null ? null : { since, page: pull.next };
  return { items: pull.items, next, resume: null };
}

function readState(cursor: Cursor | null): SweepState | null {
  return (cursor?.state ?? null) as SweepState | null;
}

function sinceOf(session: ShopSession, begun: Begun): Date {
  const lookback = begun.now.getTime() - ordersSweepLookbackDays * 86_400_000;
  return new Date(Math.max(session.shop.ordersSince.getTime(), lookback));
}

/** A channel that cannot count, or does not answer, has nothing to compare. */
async function differs(
  deps: ShopDeps,
  session: ShopSession,
  lease: Lease,
  signal: AbortSignal,
  since: Date,
): Promise<boolean> {
  const { orders } = session.connector;
  const count = orders.countOrders?.bind(orders);
  if (count === undefined) return false;
  const there = await callChannel(deps, session, lease, signal, (io) => count(io, since));
  if (!there.ok) return false;
  const here = await deps.database.read((db) => countOrdersSince(db, session.shop.shopId, since));
  return there.value !== here;
}

async function skip(deps: ShopDeps, session: ShopSession, lease: Lease, begun: Begun): Promise<void> {
  await deps.database.transact({ actor: inboundActor }, async (ctx) => {
    await lease.guard(ctx);
    await advanceCursor(onBehalf(ctx, 'sweep_orders'), {
      shopId: session.shop.shopId,
      stream: 'sweep',
      fromVersion: begun.cursor?.version ?? 0,
      state: null,
      resume: null,
      dueAt: new Date(ctx.now.getTime() + ordersSweepIntervalMs),
      startedAt: ctx.now,
      finishedAt: ctx.now,
    });
  });
}
