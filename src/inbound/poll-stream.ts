import { pagesPerStepMax } from '../../config/defaults.ts';
import {
  advanceCursor,
  readCursor,
  recordShopSuccess,
  type Cursor,
  type CursorStream,
  type ShopDeps,
  type ShopSession,
  type StepResult,
} from '../channels/index.ts';
import type { ConnectorIo, Pull } from '../connector-kit/index.ts';
import { onBehalf, type Ctx } from '../platform/db/index.ts';
import type { Lease } from '../platform/queue/index.ts';
import { callChannel } from './call-channel.ts';
import { inboundActor } from './actor.ts';

export type Poll<Item> = {
  readonly stream: CursorStream;
  readonly intervalMs: number;
  readonly evenIfNotDue: boolean;
  /** One page from the connector's own state; null at the very first. */
  pull(io: ConnectorIo<unknown>, state: unknown): Promise<Pull<Item, unknown>>;
  /** Stores the page in the transaction that moves the cursor. */
  store(
    ctx: Ctx,
    items: readonly Item[],
    page: { readonly readStartedAt: Date; readonly isFirstPoll: boolean },
  ): Promise<unknown>;
};

type Position = Pick<Cursor, 'state' | 'resume' | 'startedAt' | 'finishedAt' | 'version'>;

const notBegun: Position = { state: null, resume: null, startedAt: null, finishedAt: null, version: 0 };

export type Begun = { readonly now: Date; readonly cursor: Cursor | null };

/** Where a stream stands, by Postgres's clock; null when it is not due. */
export async function beginPoll(
  deps: ShopDeps,
  session: ShopSession,
  stream: CursorStream,
  evenIfNotDue = false,
): Promise<Begun | null> {
  const begun = await deps.database.transact({ actor: inboundActor }, async (ctx) => ({
    now: ctx.now,
    cursor: await readCursor(ctx.tx, session.shop.shopId, stream),
  }));
  const isDue = evenIfNotDue || begun.cursor === null || begun.cursor.dueAt <= begun.now;
  return isDue ? begun : null;
}

/**
 * Reads pages until there are no more for now, a bounded number a step. Each page and the cursor's move are one
 * transaction under the lease: a crash between pages reads the last page again and nothing is lost.
 */
export async function pollStream<Item>(
  deps: ShopDeps,
  session: ShopSession,
  lease: Lease,
  signal: AbortSignal,
  poll: Poll<Item>,
): Promise<StepResult> {
  const begun = await beginPoll(deps, session, poll.stream, poll.evenIfNotDue);
  if (begun === null) return { didWork: false };
  let { now } = begun;
  let cursor = begun.cursor ?? notBegun;
  let brought = 0;
  for (let page = 0; page < pagesPerStepMax; page += 1) {
    const state = cursor.state ?? cursor.resume ?? null;
    const answer = await callChannel(deps, session, lease, signal, (io) => poll.pull(io, state));
    if (!answer.ok) return { didWork: false };
    const pull = answer.value;
    const readStartedAt = now;
    ({ now, cursor } = await deps.database.transact({ actor: inboundActor }, async (ctx) => {
      await lease.guard(ctx);
      const inner = onBehalf(ctx, 'poll');
      await poll.store(inner, pull.items, { readStartedAt, isFirstPoll: cursor.resume === null });
      await recordShopSuccess(inner, session.shop.shopId, poll.stream === 'orders' ? 'order' : 'call');
      return { now: ctx.now, cursor: await moveCursor(inner, session, poll, cursor, pull) };
    }));
    brought += pull.items.length;
    if (pull.next === null) break;
  }
  return { didWork: brought > 0 || cursor.state !== null };
}

async function moveCursor<Item>(
  ctx: Ctx,
  session: ShopSession,
  poll: Poll<Item>,
  from: Position,
  pull: Pull<Item, unknown>,
): Promise<Position> {
  const isLast = pull.next === null;
  const step = {
    state: pull.next,
    resume: isLast ? pull.resume : from.resume,
    startedAt: from.state === null ? ctx.now : from.startedAt,
    finishedAt: isLast ? ctx.now : from.finishedAt,
  };
  const dueAt = isLast ? new Date(ctx.now.getTime() + poll.intervalMs) : ctx.now;
  const { shopId } = session.shop;
  const version = await advanceCursor(ctx, { ...step, shopId, stream: poll.stream, dueAt, fromVersion: from.version });
  return { ...step, version };
}
