import { sql } from 'drizzle-orm';
import { list, rows, type Ctx } from '../platform/db/index.ts';

/** A recorded write to a channel that this pass has claimed: `sending`. */
export type ClaimedWrite = {
  readonly id: string;
  /** This one counted. */
  readonly attempts: number;
  /** An earlier attempt may have landed: until one succeeds or is refused, its outcome stays unknown. */
  readonly isOpen: boolean;
};

export type WriteEnd = {
  readonly state: 'done' | 'due' | 'unknown' | 'refused';
  readonly externalId: string | null;
  readonly cause: { readonly code: string; readonly detail: string } | null;
  readonly afterMs: number;
};

export type WriteTable = 'announcements' | 'channel_requests';

/** What each table calls a write that succeeded, and when it ended. */
const endings = {
  announcements: { done: 'announced', endedAt: sql.raw('announced_at'), endStates: ['announced'] },
  channel_requests: { done: 'done', endedAt: sql.raw('finished_at'), endStates: ['done', 'refused'] },
} as const;

/** Writes that were claimed and not sent, because the shop cannot be called now. */
export async function giveBackWrites(ctx: Ctx, table: WriteTable, writes: readonly ClaimedWrite[]): Promise<void> {
  const ids = writes.map((write) => write.id);
  const states = writes.map((write) => (write.isOpen ? 'unknown' : 'due'));
  await rows(
    ctx.tx,
    sql`update ${sql.raw(table)} w set state = t.state, attempts = w.attempts - 1, due_at = ${ctx.now}
        from unnest(${list('uuid', ids)}, ${list('text', states)}) as t (id, state)
        where w.id = t.id and w.state = 'sending'`,
  );
}

/** Keeps what a package was announced with: a repeat says the same, whatever was announced since. */
export async function keepAnnounced(ctx: Ctx, id: string, lines: unknown, isShownByAnswer: boolean): Promise<void> {
  await rows(
    ctx.tx,
    sql`update announcements set lines = ${JSON.stringify(lines)}::jsonb, is_shown_by_answer = ${isShownByAnswer}
        where id = ${id}`,
  );
}

/** Records how a call ended. A retry that did not get through leaves an open outcome as open as it was. */
export async function finishWrite(ctx: Ctx, table: WriteTable, write: ClaimedWrite, end: WriteEnd): Promise<void> {
  const { done, endedAt, endStates } = endings[table];
  const left = end.state === 'due' && write.isOpen ? 'unknown' : end.state;
  const state = left === 'done' ? done : left;
  await rows(
    ctx.tx,
    sql`update ${sql.raw(table)}
        set state = ${state}, external_id = coalesce(${end.externalId}, external_id), cause = ${end.cause}::jsonb,
            due_at = ${ctx.now}::timestamptz + make_interval(secs => ${end.afterMs / 1000}),
            ${endedAt} = case when ${state}::text = any(${list('text', endStates)}) then ${ctx.now}::timestamptz end
        where id = ${write.id} and state = 'sending'`,
  );
}
