import { sql } from 'drizzle-orm';
import {
  decodeCursor,
  Fault,
  toPage,
  type InboxEventId,
  type Page,
  type PageRequest,
  type ShopId,
} from '../kernel/index.ts';
import { firstRow, rows, type AnyDb } from '../platform/db/index.ts';

export type InboxItem = {
  readonly id: InboxEventId;
  readonly shopId: ShopId;
  readonly source: 'webhook' | 'poll' | 'read' | 'api';
  readonly topic: string;
  readonly externalId: string | null;
  readonly state: 'pending' | 'applied' | 'superseded' | 'parked';
  readonly sourceVersion: string | null;
  readonly readStartedAt: Date;
  readonly receivedAt: Date;
  readonly isBackfill: boolean;
  readonly attempts: number;
  readonly finishedAt: Date | null;
  readonly cause: unknown;
};

const itemColumns = sql`e.id, e.shop_id as "shopId", e.source, e.topic, e.external_id as "externalId", e.state,
  e.source_version as "sourceVersion", e.read_started_at as "readStartedAt", e.received_at as "receivedAt",
  e.is_backfill as "isBackfill", e.attempts, e.finished_at as "finishedAt", e.cause`;

export type InboxFilters = {
  readonly shopId: ShopId | null;
  readonly state: InboxItem['state'] | null;
  readonly externalId: string | null;
};

/** Newest first. Never the bodies. */
export async function listInbox(db: AnyDb, page: PageRequest, filters: InboxFilters): Promise<Page<InboxItem>> {
  const [at, id] = page.after === null ? [null, null] : decodeCursor(page.after, 2);
  const conditions = [sql`true`];
  if (id !== null) conditions.push(sql`(e.received_at, e.id) < (${at}::timestamptz, ${id}::uuid)`);
  if (filters.shopId !== null) conditions.push(sql`e.shop_id = ${filters.shopId}`);
  if (filters.state !== null) conditions.push(sql`e.state = ${filters.state}`);
  // By the literal, an index of the few is found.
  if (filters.state === 'parked') conditions.push(sql`e.state = 'parked'`);
  if (filters.state === 'pending') conditions.push(sql`e.state = 'pending'`);
  if (filters.externalId !== null) {
    // Every index of a document begins with its shop.
    conditions.push(sql`e.external_id = ${filters.externalId} and e.shop_id = any(array(select s.id from shops s))`);
  }
  const found = await rows<InboxItem & { key: string }>(
    db,
    sql`select ${itemColumns}, e.received_at::text as key from inbox_events e
        where ${sql.join(conditions, sql` and `)}
        order by e.received_at desc, e.id desc limit ${page.limit + 1}`,
  );
  const { items, next } = toPage(found, page.limit, (row) => [row.key, row.id]);
  return { items: items.map(({ key: _key, ...item }) => item), next };
}

/** Throws Fault `inbox.unknown`. */
export async function getInboxEvent(db: AnyDb, id: InboxEventId): Promise<InboxItem> {
  const event = await firstRow<InboxItem>(db, sql`select ${itemColumns} from inbox_events e where e.id = ${id}`);
  if (event === null) throw new Fault('not_found', 'inbox.unknown', { data: { id } });
  return event;
}

/** Shops with documents to take in; the one that waits longest goes first. A removed shop's wait until it comes back. */
export async function findShopsWithPending(db: AnyDb, now: Date, only: ShopId | null = null): Promise<ShopId[]> {
  const found = await rows<{ shopId: ShopId }>(
    db,
    sql`select s.id as "shopId" from shops s
        cross join lateral (
          select e.received_at from inbox_events e
          where e.shop_id = s.id and e.state = 'pending' and e.due_at <= ${now}
          order by e.is_backfill, e.received_at, e.id limit 1
        ) as waiting
        where s.state <> 'removed' and (${only}::uuid is null or s.id = ${only}::uuid)
        order by waiting.received_at, s.id`,
  );
  return found.map((row) => row.shopId);
}

/** Shops (or whether one of them) that may be called and have orders to read again. */
export async function findShopsWithDueReads(db: AnyDb, now: Date, only: ShopId | null = null): Promise<ShopId[]> {
  const found = await rows<{ shopId: ShopId }>(
    db,
    sql`select s.id as "shopId" from shops s
        join shop_health h on h.shop_id = s.id and (h.paused_until is null or h.paused_until <= ${now})
        where s.state = 'active' and (${only}::uuid is null or s.id = ${only}::uuid)
          and exists (select from order_reads r where r.shop_id = s.id and r.due_at <= ${now})
        order by s.id`,
  );
  return found.map((row) => row.shopId);
}

export type InboxBacklog = { readonly pending: number; readonly oldestAt: Date | null };

export async function inboxBacklog(db: AnyDb): Promise<InboxBacklog> {
  const found = await firstRow<InboxBacklog>(
    db,
    sql`select count(*) as pending, min(received_at) as "oldestAt" from inbox_events where state = 'pending'`,
  );
  return found ?? { pending: 0, oldestAt: null };
}
