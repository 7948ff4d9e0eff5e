import { sql } from 'drizzle-orm';
import { firstRow, rows, type AnyDb } from '../platform/db/index.ts';
import { checkResult, differencesShownMax, type Difference, type InvariantCheck } from '../platform/invariant/index.ts';

/** Invariants 6 and 7 of DESIGN §8, against what the channels showed when last read. */
export const outboundChecks: readonly InvariantCheck[] = [
  {
    invariant: 6,
    name: 'listings.show_the_wanted_quantity',
    title: 'every told listing shows the quantity its stock allows, as saleable',
    run: listingsShowTheWanted,
  },
  {
    invariant: 7,
    name: 'packages.once_on_the_channel',
    title: 'each shipped package is on the channel once for each of its orders',
    run: packagesOnce,
  },
];

type Counts = {
  readonly checked: number;
  readonly different: number;
  readonly pending: number;
  readonly oldestSeenAt: Date | null;
};
const none: Counts = { checked: 0, different: 0, pending: 0, oldestSeenAt: null };

/**
 * Works out what may be promised from levels and demand by its own statement, not by the product's. A listing whose push or
 * read-back is still to come is pending.
 */
async function listingsShowTheWanted(db: AnyDb) {
  const compared = sql`
    with told as (
      select l.id, l.external_id, l.shop_id, l.sku_id, l.multiplier, l.seen_quantity, l.seen_at,
             l.told_version is null or l.told_version < l.wanted_version or l.seen_at is null or l.seen_at < l.told_at as is_pending
      from listings l join shops s on s.id = l.shop_id and s.pushes_stock and s.state = 'active'
      where l.sku_id is not null and l.tracks_stock and l.is_active
    ), free as (
      select w.shop_id, v.sku_id, sum(v.on_hand - v.reserved) as units
      from shop_warehouses w
      join warehouses h on h.id = w.warehouse_id and h.is_active and h.kind = 'physical'
      join stock_levels v on v.warehouse_id = w.warehouse_id
      group by w.shop_id, v.sku_id
    ), neighbours as (
      select distinct a.shop_id, b.shop_id as other_id
      from shop_warehouses a
      join warehouses h on h.id = a.warehouse_id and h.is_active and h.kind = 'physical'
      join shop_warehouses b on b.warehouse_id = a.warehouse_id
    ), claimed as (
      select n.shop_id, d.sku_id, sum(d.quantity) as units
      from neighbours n join stock_demand d on d.shop_id = n.other_id and d.claims and d.quantity > 0
      group by n.shop_id, d.sku_id
    )
    select t.*, greatest(0, coalesce(f.units, 0) - coalesce(c.units, 0)) / t.multiplier as wanted
    from told t
    left join free f on f.shop_id = t.shop_id and f.sku_id = t.sku_id
    left join claimed c on c.shop_id = t.shop_id and c.sku_id = t.sku_id`;
  const bad = sql`not is_pending and seen_quantity <> floor(wanted)`;
  const counts = await firstRow<Counts>(
    db,
    sql`select count(*) as checked, count(*) filter (where ${bad}) as different, count(*) filter (where is_pending) as pending,
               min(seen_at) as "oldestSeenAt" from (${compared}) c`,
  );
  const differences = await rows<Difference>(
    db,
    sql`select 'listing ' || external_id as subject, floor(wanted)::text as expected, seen_quantity::text as found
        from (${compared}) c where ${bad} order by external_id limit ${differencesShownMax}`,
  );
  return checkResult(counts ?? none, differences);
}

/** Once: the package acknowledged by the channel, not cancelled, and no second one with its tracking number. */
async function packagesOnce(db: AnyDb) {
  const compared = sql`
    select a.id, o.number, s.tracking_number, a.state, a.external_id, o.read_started_at,
           a.state in ('due', 'sending', 'unknown') or (a.state = 'announced' and o.read_started_at < a.announced_at) as is_pending,
           (select count(*) from order_packages p where p.order_id = a.order_id and p.state <> 'cancelled'
              and (p.external_id = a.external_id
                   or (p.tracking_number = s.tracking_number and not exists (
                     select 1 from announcements b where b.order_id = a.order_id and b.external_id = p.external_id)))) as times
    from announcements a join shipments s on s.id = a.shipment_id join orders o on o.id = a.order_id
    where a.state <> 'refused' and not (a.state = 'announced' and a.external_id is null)`;
  const bad = sql`not is_pending and times <> 1`;
  const counts = await firstRow<Counts>(
    db,
    sql`select count(*) as checked, count(*) filter (where ${bad}) as different, count(*) filter (where is_pending) as pending,
               min(read_started_at) as "oldestSeenAt" from (${compared}) c`,
  );
  const differences = await rows<Difference>(
    db,
    sql`select 'package ' || coalesce(tracking_number, '') || ' of order ' || number as subject, 'once' as expected,
               times || ' times' as found
        from (${compared}) c where ${bad} order by number, id limit ${differencesShownMax}`,
  );
  return checkResult(counts ?? none, differences);
}
