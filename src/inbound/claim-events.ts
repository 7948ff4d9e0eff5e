import { sql } from 'drizzle-orm';
import { laneBatchPerShopMax } from '../../config/defaults.ts';
import type { InboxEventId, ShopId } from '../kernel/index.ts';
import { rows, unnest, type ColumnTypes, type Ctx } from '../platform/db/index.ts';

export type ClaimedEvent = {
  readonly id: InboxEventId;
  readonly externalId: string;
  readonly documentHash: Uint8Array;
  readonly sourceVersion: string | null;
  readonly readStartedAt: Date;
  /** Null where retention has deleted it. */
  readonly ciphertext: Uint8Array | null;
};

/** Locks the next documents of a shop, live ones before backfill; what another holds is left to it. */
export async function claimEvents(ctx: Ctx, shopId: ShopId): Promise<ClaimedEvent[]> {
  return rows<ClaimedEvent>(
    ctx.tx,
    sql`select e.id, e.external_id as "externalId", e.content_hash as "documentHash", e.source_version as "sourceVersion",
               e.read_started_at as "readStartedAt", b.ciphertext
        from (
          select * from inbox_events
          where shop_id = ${shopId} and state = 'pending' and due_at <= ${ctx.now} and external_id is not null
          order by is_backfill, received_at, id limit ${laneBatchPerShopMax} for update skip locked
        ) as e
        left join inbox_bodies b on b.inbox_event_id = e.id
        order by e.is_backfill, e.received_at, e.id`,
  );
}

export type FinishedEvent = {
  readonly id: InboxEventId;
  readonly state: 'applied' | 'superseded' | 'parked';
  readonly cause: Readonly<Record<string, unknown>> | null;
};

const finishedColumns = { id: 'uuid', state: 'text', cause: 'jsonb' } as const satisfies ColumnTypes;

/** The one guard against applying an event twice: only what is pending is finished, all of it or nothing. */
export async function finishEvents(ctx: Ctx, finished: readonly FinishedEvent[]): Promise<void> {
  if (finished.length === 0) return;
  const updated = await rows(
    ctx.tx,
    sql`update inbox_events e set state = t.state, cause = t.cause, finished_at = ${ctx.now}, attempts = e.attempts + 1
        from ${unnest(finishedColumns, finished)} where e.id = t.id and e.state = 'pending' returning e.id`,
  );
  if (updated.length !== finished.length)
    throw new Error(`${finished.length - updated.length} events were finished by another`);
}
