import { sql } from 'drizzle-orm';
import { countedMax } from '../../config/defaults.ts';
import type { ShopId } from '../kernel/index.ts';
import { firstRow, rows, type AnyDb } from '../platform/db/index.ts';

export type ShopFigures = {
  readonly shopId: ShopId;
  readonly name: string;
  readonly channel: string;
  readonly state: 'active' | 'paused';
  readonly pushesStock: boolean;
  /** The connector's settings less its credentials. */
  readonly settings: unknown;
  readonly failures: number;
  readonly lastFault: string | null;
  readonly lastFaultAt: Date | null;
  readonly lastCallAt: Date | null;
  readonly pausedUntil: Date | null;
  /** When the channel last confirmed where it sends webhooks; null: never, or it refused. */
  readonly webhooksAt: Date | null;
  readonly pending: number;
  readonly oldestPendingAt: Date | null;
  readonly parked: number;
  readonly untold: number;
  readonly oldestUntoldAt: Date | null;
  readonly unknownWrites: number;
  readonly oldestUnknownAt: Date | null;
};

/** Every shop that is not removed, with its waiting rows; each count walks a partial index, `countedMax` rows at most. */
export async function readShopFigures(db: AnyDb, limit: number): Promise<ShopFigures[]> {
  const some = sql`limit ${countedMax}`;
  return rows<ShopFigures>(
    db,
    sql`select s.id as "shopId", s.name, s.channel, s.state, s.pushes_stock as "pushesStock", s.settings,
          coalesce(h.failures, 0) as failures, h.last_fault as "lastFault", h.last_fault_at as "lastFaultAt",
          h.last_call_at as "lastCallAt", h.paused_until as "pausedUntil",
          (select c.finished_at from shop_cursors c
           where c.shop_id = s.id and c.stream = 'webhooks' and c.resume is not null) as "webhooksAt",
          pending.count as pending,
          least(
            (select received_at from inbox_events where shop_id = s.id and state = 'pending' and not is_backfill
             order by received_at limit 1),
            (select received_at from inbox_events where shop_id = s.id and state = 'pending' and is_backfill
             order by received_at limit 1)
          ) as "oldestPendingAt",
          parked.count as parked, untold.count as untold, untold.oldest_at as "oldestUntoldAt",
          unknown.count as "unknownWrites", unknown.oldest_at as "oldestUnknownAt"
        from (select * from shops where state <> 'removed' order by created_at, id limit ${limit}) s
        left join shop_health h on h.shop_id = s.id
        cross join lateral (
          select count(*) from (select from inbox_events e where e.shop_id = s.id and e.state = 'pending' ${some}) t
        ) pending
        cross join lateral (
          select count(*) from (select from inbox_events e where e.shop_id = s.id and e.state = 'parked' ${some}) t
        ) parked
        cross join lateral (
          select count(*), min(t.wanted_at) as oldest_at from (
            select l.wanted_at from listings l
            where l.shop_id = s.id and s.pushes_stock and s.state = 'active' and l.sku_id is not null and l.tracks_stock
              and l.is_active and (l.told_version is null or l.told_version < l.wanted_version) ${some}) t
        ) untold
        cross join lateral (
          select count(*), min(t.sent_at) as oldest_at from (
            (select a.sent_at from announcements a
             where a.shop_id = s.id and a.state in ('due', 'sending', 'unknown') and a.state = 'unknown' ${some})
            union all
            (select r.sent_at from channel_requests r
             where r.shop_id = s.id and r.state in ('due', 'sending', 'unknown') and r.state = 'unknown' ${some})) t
        ) unknown
        order by s.created_at, s.id`,
  );
}

export type CountOfKind = { readonly kind: string; readonly count: number; readonly oldestAt: Date | null };

/** Open exceptions by kind, the most first. */
export function countOpenExceptions(db: AnyDb): Promise<CountOfKind[]> {
  return rows<CountOfKind>(
    db,
    sql`select kind, count(*) as count, min(opened_at) as "oldestAt"
        from (select kind, opened_at from exceptions where closed_at is null limit ${countedMax}) t
        group by kind order by count desc, kind`,
  );
}

/** Parked messages by the code of their cause, the most first. */
export function countParked(db: AnyDb): Promise<CountOfKind[]> {
  return rows<CountOfKind>(
    db,
    sql`select coalesce(cause->>'code', 'unknown') as kind, count(*) as count, min(received_at) as "oldestAt"
        from (select cause, received_at from inbox_events where state = 'parked' limit ${countedMax}) t
        group by 1 order by count desc, 1`,
  );
}

export type UnmappedFigures = { readonly listings: number; readonly waitingLines: number };

/** Listings on sale that nobody mapped, and order lines that wait for a mapping. */
export async function countUnmapped(db: AnyDb): Promise<UnmappedFigures> {
  const found = await firstRow<UnmappedFigures>(
    db,
    sql`select
          (select count(*) from (select from listings l join shops s on s.id = l.shop_id and s.state <> 'removed'
             where l.sku_id is null and l.is_active and l.tracks_stock limit ${countedMax}) t) as listings,
          (select count(*) from (select from unmapped_lines limit ${countedMax}) t) as "waitingLines"`,
  );
  return found ?? { listings: 0, waitingLines: 0 };
}

/**
 * Messages that came in since `since`. Their ids are UUIDv7, so those of a time are a range of the primary key: no index on
 * time is needed for a figure.
 */
export async function countReceived(db: AnyDb, since: Date): Promise<number> {
  const found = await firstRow<{ count: number }>(
    db,
    sql`select count(*) as count from (
          select from inbox_events where id >= ${firstIdOf(since)}::uuid and topic = 'order' limit ${countedMax}) t`,
  );
  return found?.count ?? 0;
}

/** The same by shop; of the last `countedMax` of them. */
export async function countReceivedByShop(db: AnyDb, since: Date): Promise<Map<ShopId, number>> {
  const found = await rows<{ shopId: ShopId; count: number }>(
    db,
    sql`select shop_id as "shopId", count(*) as count from (
          select shop_id from inbox_events where id >= ${firstIdOf(since)}::uuid and topic = 'order'
          order by id desc limit ${countedMax}) t
        group by shop_id`,
  );
  return new Map(found.map(({ shopId, count }) => [shopId, count]));
}

function firstIdOf(time: Date): string {
  const hex = time.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** When the first migration made this database; a restored one has the time of the original. */
export async function readMadeAt(db: AnyDb): Promise<Date | null> {
  const found = await firstRow<{ madeAt: Date | null }>(
    db,
    sql`select min(applied_at) as "madeAt" from schema_migrations`,
  );
  return found?.madeAt ?? null;
}
