import { sql, type SQL } from 'drizzle-orm';
import type { ShopSession } from '../channels/index.ts';
import { Fault, type InboxEventId } from '../kernel/index.ts';
import {
  columnNames,
  namedColumns,
  namedUnnest,
  prepare,
  rows,
  unnest,
  type ColumnTypes,
  type Ctx,
  type Database,
  type RowOf,
} from '../platform/db/index.ts';
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
  /** Null is now; so is what a clock tells that runs ahead, which must not outdo what is told later. */
  readonly readStartedAt: Date | null;
  readonly isBackfill: boolean;
  readonly cause: unknown;
  readonly body: Uint8Array;
};

const eventColumns = {
  id: 'uuid',
  source: 'text',
  topic: 'text',
  externalId: 'text',
  dedupeKey: 'text',
  state: 'text',
  contentHash: 'bytea',
  sourceVersion: 'numeric',
  isBackfill: 'bool',
  cause: 'jsonb',
} as const satisfies ColumnTypes;

const toldColumns = { ...eventColumns, readStartedAt: 'timestamptz' } as const satisfies ColumnTypes;

const bodyColumns = {
  inboxEventId: 'uuid',
  ciphertext: 'bytea',
} as const satisfies ColumnTypes;

export const bodyField = (id: InboxEventId): string => `inbox_bodies.ciphertext ${id}`;

type Opened = Pick<ShopSession, 'shop' | 'dataKey'>;
type OpenedAsStored = Opened & Pick<ShopSession, 'rowVersion'>;

/** Stores messages, bodies sealed by the shop's key. Answers with those that are new: a delivery counts once. */
export async function insertEvents(
  ctx: Ctx,
  session: Opened,
  events: readonly NewEvent[],
): Promise<ReadonlySet<InboxEventId>> {
  const fresh = await insertWithin(ctx, session, events, sql`true`);
  if (fresh === null) throw new Fault('not_found', 'shop.unknown', { data: { shopId: session.shop.shopId } });
  return fresh;
}

/**
 * As `insertEvents`, and null with nothing stored where the shop is no longer as it was opened: whose secrets have changed
 * since the messages were verified, or who was removed.
 */
export function insertIfUnchanged(
  ctx: Ctx,
  session: OpenedAsStored,
  events: readonly NewEvent[],
): Promise<ReadonlySet<InboxEventId> | null> {
  return insertWithin(ctx, session, events, sql`s.xmin::text = ${session.rowVersion}`);
}

/** As `insertIfUnchanged`, in a transaction of its own and one way to Postgres and back. */
export async function insertAlone(
  database: Database,
  session: OpenedAsStored,
  events: readonly NewEvent[],
): Promise<ReadonlySet<InboxEventId> | null> {
  const answered = await database.store<Answered>({
    statement: preparedInsertion,
    values: {
      shopId: session.shop.shopId,
      rowVersion: session.rowVersion,
      ...namedColumns(toldColumns, 'event', events),
      ...namedColumns(bodyColumns, 'body', seal(session, events)),
    },
    kinds: ['inbox.stored'],
    raises: (found) => storedEvents(session, events, freshOf(found) ?? new Set()),
  });
  return freshOf(answered);
}

const preparedInsertion = prepare('insert_inbox_events', (now) =>
  insertion(now, {
    shopId: sql`${sql.placeholder('shopId')}::uuid`,
    events: namedUnnest(toldColumns, 'event'),
    bodies: namedUnnest(bodyColumns, 'body'),
    condition: sql`s.xmin::text = ${sql.placeholder('rowVersion')}`,
  }),
);

async function insertWithin(
  ctx: Ctx,
  session: Opened,
  events: readonly NewEvent[],
  condition: SQL,
): Promise<ReadonlySet<InboxEventId> | null> {
  if (events.length === 0) return new Set();
  const statement = insertion(sql`${ctx.now}::timestamptz`, {
    shopId: sql`${session.shop.shopId}::uuid`,
    events: unnest(toldColumns, events),
    bodies: unnest(bodyColumns, seal(session, events)),
    condition,
  });
  const fresh = freshOf(await rows<Answered>(ctx.tx, statement));
  if (fresh !== null) ctx.events.push(...storedEvents(session, events, fresh));
  return fresh;
}

function seal({ dataKey }: Opened, events: readonly NewEvent[]): RowOf<typeof bodyColumns>[] {
  return events.map(({ id, body }) => ({ inboxEventId: id, ciphertext: dataKey.seal(body, bodyField(id)) }));
}

/** A new message, or the shop itself (null), which is there where the condition held. */
type Answered = { readonly id: InboxEventId | null };

type Insertion = { readonly shopId: SQL; readonly events: SQL; readonly bodies: SQL; readonly condition: SQL };

/** One statement: each costs every webhook a way to Postgres and back. */
function insertion(now: SQL, { shopId, events, bodies, condition }: Insertion): SQL {
  return sql`
    with shop as materialized (select s.id from shops s where s.id = ${shopId} and ${condition}),
    fresh as (
      insert into inbox_events (shop_id, received_at, due_at, finished_at, read_started_at, ${columnNames(eventColumns)})
      select ${shopId}, ${now}, ${now}, case when state <> 'pending' then ${now} end, least(t.read_started_at, ${now}),
        ${columnNames(eventColumns)}
      from ${events} where exists (select from shop)
      on conflict (shop_id, dedupe_key) do nothing returning id
    ),
    bodies as (
      insert into inbox_bodies (stored_at, ${columnNames(bodyColumns)}) select ${now}, ${columnNames(bodyColumns)}
      from ${bodies} where inbox_event_id in (select id from fresh)
      returning inbox_event_id as id
    )
    select id from bodies union all select null from shop`;
}

function freshOf(answered: readonly Answered[]): ReadonlySet<InboxEventId> | null {
  return answered.length === 0 ? null : new Set(answered.flatMap(({ id }) => id ?? []));
}

function storedEvents(
  { shop }: Opened,
  events: readonly NewEvent[],
  fresh: ReadonlySet<InboxEventId>,
): readonly InboxStored[] {
  const isDue = events.some(({ id, state }) => state === 'pending' && fresh.has(id));
  return isDue ? [{ kind: 'inbox.stored', shopId: shop.shopId }] : [];
}
