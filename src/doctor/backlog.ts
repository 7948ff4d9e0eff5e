import { sql } from 'drizzle-orm';
import { countedMax } from '../../config/defaults.ts';
import type { ShopId } from '../kernel/index.ts';
import { rows, type AnyDb } from '../platform/db/index.ts';
import type { ShopFigures } from './queries.ts';

/** Kinds of work that wait as rows, and the lane that drains each. */
export const works = {
  inbox: 'inbound',
  reads: 'outbound',
  allocation: 'allocation',
  packages: 'outbound',
  requests: 'outbound',
  stock: 'outbound',
  audit: 'audit',
} as const;

export type Work = keyof typeof works;

export type Waiting = {
  readonly work: Work;
  /** At most `countedMax`. */
  readonly waiting: number;
  /** Since when the oldest waits; null where nothing does, or where its rows do not say. */
  readonly oldestAt: Date | null;
};

/**
 * What waits now, in one statement over partial indexes of waiting rows; none of its counts can cost more than `countedMax`
 * rows. Listings count where their shop is told numbers at all.
 */
export async function readWaiting(db: AnyDb): Promise<Waiting[]> {
  const some = sql`limit ${countedMax}`;
  return rows<Waiting>(
    db,
    sql`select 'inbox' as work, count(*) as waiting, min(t.at) as "oldestAt"
          from (select received_at as at from inbox_events where state = 'pending' ${some}) t
        union all
        select 'reads', count(*), min(t.at) from (select asked_at as at from order_reads ${some}) t
        union all
        select 'allocation', count(*), null
          from (select from stock_demand where is_due and not is_held and quantity > 0 ${some}) t
        union all
        select 'packages', count(*), min(t.at)
          from (select created_at as at from announcements where state in ('due', 'sending', 'unknown') ${some}) t
        union all
        select 'requests', count(*), min(t.at)
          from (select created_at as at from channel_requests where state in ('due', 'sending', 'unknown') ${some}) t
        union all
        select 'stock', count(*), min(t.at)
          from (select l.wanted_at as at from listings l
                join shops s on s.id = l.shop_id and s.pushes_stock and s.state = 'active'
                where l.sku_id is not null and l.tracks_stock and l.is_active
                  and (l.told_version is null or l.told_version < l.wanted_version) ${some}) t
        union all
        select 'audit', count(*), min(t.at) from (select at from audit_entries where seal_position is null ${some}) t`,
  );
}

/** One shop's share of a backlog, sampled under `<work>:<shop>`: each is drained in the lane of its shop. */
export type ShopWaiting = {
  readonly key: string;
  readonly work: 'inbox' | 'stock';
  readonly shopId: ShopId;
  readonly shopName: string;
  readonly waiting: number;
  readonly oldestAt: Date | null;
};

/** What waits of each shop, where anything does. */
export function waitingOfShops(shops: readonly ShopFigures[]): ShopWaiting[] {
  return shops.flatMap(({ shopId, name, pending, oldestPendingAt, untold, oldestUntoldAt }) => {
    const own = { shopId, shopName: name };
    const both: ShopWaiting[] = [
      { ...own, key: `inbox:${shopId}`, work: 'inbox', waiting: pending, oldestAt: oldestPendingAt },
      { ...own, key: `stock:${shopId}`, work: 'stock', waiting: untold, oldestAt: oldestUntoldAt },
    ];
    return both.filter(({ waiting }) => waiting > 0);
  });
}
