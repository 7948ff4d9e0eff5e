import { sql } from 'drizzle-orm';
import type { ShopSession } from '../channels/index.ts';
import type { InboxEventId } from '../kernel/index.ts';
import { columnNames, rows, unnest, type ColumnTypes, type Ctx } from '../platform/db/index.ts';
import type { InboxStored } from './events.ts';

/** `order` is a document; the other topics are messages that carry none and are never pending. */
export type InboxTopic = 'order' | 'order_notice' | 'listing' | 'stock' | 'unreadable';

export type NewEvent = {
  readonly id: InboxEventId;
  readonly source: 'webhook' | 'poll' | 'read' | 'api';
  readonly topic: InboxTopic;
  readonly externalId: string | null;
  readonly dedupeKey: string;
  readonly state: 'pending' | 'applied' | 'parked';
  readonly contentHash: Uint8Array;
  readonly sourceVersion: string | null;
  readonly readStartedAt: Date;
  readonly isBackfill: boolean;
  readonly cause: unknown;
  readonly body: Uint8Array;
};

const eventColumns = {
  id: 'uuid',
  shopId: 'uuid',
  source: 'text',
  topic: 'text',
  externalId: 'text',
  dedupeKey: 'text',
  state: 'text',
  contentHash: 'bytea',
  sourceVersion: 'numeric',
  readStartedAt: 'timestamptz',
  receivedAt: 'timestamptz',
  isBackfill: 'bool',
  dueAt: 'timestamptz',
  finishedAt: 'timestamptz',
  cause: 'jsonb',
} as const satisfies ColumnTypes;

const bodyColumns = {
  inboxEventId: 'uuid',
  ciphertext: 'bytea',
  storedAt: 'timestamptz',
} as const satisfies ColumnTypes;

export const bodyField = (id: InboxEventId): string => `inbox_bodies.ciphertext ${id}`;

/** Stores messages, bodies sealed by the shop's key. Answers with those that are new: a delivery counts once. */
export async function insertEvents(
  ctx: Ctx,
  session: Pick<ShopSession, 'shop' | 'dataKey'>,
  events: readonly NewEvent[],
): Promise<Set<InboxEventId>> {
  if (events.length === 0) return new Set();
  const { shopId } = session.shop;
  const values = events.map(({ body: _body, ...event }) => ({
    ...event,
    shopId,
    receivedAt: ctx.now,
    dueAt: ctx.now,
    finishedAt: event.state === 'pending' ? null : ctx.now,
  }));
  const bodies = events.map(({ id, body }) => ({
    inboxEventId: id,
    ciphertext: session.dataKey.seal(body, bodyField(id)),
    storedAt: ctx.now,
  }));
  // One statement: each costs every webhook a way to Postgres and back.
  const inserted = await rows<{ id: InboxEventId }>(
    ctx.tx,
    sql`with fresh as (
          insert into inbox_events (${columnNames(eventColumns)}) select ${columnNames(eventColumns)}
          from ${unnest(eventColumns, values)} on conflict (shop_id, dedupe_key) do nothing returning id
        )
        insert into inbox_bodies (${columnNames(bodyColumns)}) select ${columnNames(bodyColumns)}
        from ${unnest(bodyColumns, bodies)} where inbox_event_id in (select id from fresh)
        returning inbox_event_id as id`,
  );
  const ids = new Set(inserted.map((row) => row.id));
  const fresh = events.filter((event) => ids.has(event.id));
  if (fresh.some((event) => event.state === 'pending')) {
    const stored: InboxStored = { kind: 'inbox.stored', shopId };
    ctx.events.push(stored);
  }
  return ids;
}
