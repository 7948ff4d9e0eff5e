import { sql } from 'drizzle-orm';
import type { InvariantCheck } from '../platform/invariant/index.ts';

/** Units on hand and not reserved in the warehouses that serve a shop, by shop and SKU. */
const free = sql`(
  select w.shop_id, v.sku_id, sum(v.on_hand - v.reserved) as units
  from shop_warehouses w
  join warehouses h on h.id = w.warehouse_id and h.is_active and h.kind = 'physical'
  join stock_levels v on v.warehouse_id = w.warehouse_id
  group by w.shop_id, v.sku_id)`;

/** Open demand that claims, of every shop that one of a shop's warehouses serves, by shop and SKU. */
const claimed = sql`(
  select n.shop_id, d.sku_id, sum(d.quantity) as units
  from (
    select distinct a.shop_id, b.shop_id as neighbour_id
    from shop_warehouses a
    join warehouses h on h.id = a.warehouse_id and h.is_active and h.kind = 'physical'
    join shop_warehouses b on b.warehouse_id = a.warehouse_id
  ) as n
  join stock_demand d on d.shop_id = n.neighbour_id and d.claims and d.quantity > 0
  group by n.shop_id, d.sku_id)`;

/**
 * Invariants 6 and 7 of DESIGN §8, against what the channels showed when last read; of channels that cannot be read what they
 * acknowledged counts as shown. What may be promised is worked out here by its own statement, not by the product's.
 */
export const outboundChecks: readonly InvariantCheck[] = [
  {
    invariant: 6,
    name: 'listings.show_the_wanted_quantity',
    title: 'every told listing shows the quantity its stock allows, as saleable',
    compared: sql`
      select 'listing ' || external_id as subject, wanted::text as expected, seen_quantity::text as found,
             not is_pending and seen_quantity <> wanted as is_different, is_pending, seen_at
      from (
        select l.external_id, l.seen_quantity, l.seen_at,
               floor(greatest(0, coalesce(f.units, 0) - coalesce(c.units, 0)) / l.multiplier) as wanted,
               l.told_version is null or l.told_version < l.wanted_version or l.seen_at is null or l.seen_at < l.told_at as is_pending
        from listings l
        join shops s on s.id = l.shop_id and s.pushes_stock and s.state = 'active'
        left join ${free} f on f.shop_id = l.shop_id and f.sku_id = l.sku_id
        left join ${claimed} c on c.shop_id = l.shop_id and c.sku_id = l.sku_id
        where l.sku_id is not null and l.tracks_stock and l.is_active
      ) as listed`,
  },
  {
    invariant: 7,
    name: 'packages.once_on_the_channel',
    title: 'each shipped package is on the channel once for each of its orders',
    // Once: the acknowledged package, not cancelled, and no second one with its tracking number that nobody announced.
    compared: sql`
      select 'package ' || coalesce(tracking_number, '') || ' of order ' || number as subject, 'once' as expected,
             times || ' times' as found, not is_pending and times <> 1 as is_different, is_pending, read_started_at as seen_at
      from (
        select o.number, s.tracking_number, o.read_started_at,
               a.state in ('due', 'sending', 'unknown')
                 or (not a.is_shown_by_answer and (o.read_started_at < a.announced_at or exists (
                   select from order_reads n where n.shop_id = o.shop_id and n.external_id = o.external_id)
                   or exists (select from inbox_events e where e.shop_id = o.shop_id and e.external_id = o.external_id
                              and e.state = 'pending'))) as is_pending,
               greatest(a.is_shown_by_answer::int, (select count(*) from order_packages p where p.order_id = a.order_id and p.state <> 'cancelled'
                  and (p.external_id = a.external_id
                       or (p.tracking_number = s.tracking_number and not exists (
                         select from announcements b where b.order_id = a.order_id and b.external_id = p.external_id))))) as times
        from announcements a join shipments s on s.id = a.shipment_id join orders o on o.id = a.order_id
        where a.state <> 'refused' and not (a.state = 'announced' and a.external_id is null)
      ) as told`,
  },
  {
    invariant: 7,
    name: 'requests.once_on_the_channel',
    title: 'each refund that was made on a channel is on its order once, and each cancel has been answered',
    // What a channel cancels of an order is for it to say: only that it has said so is compared.
    compared: sql`
      select kind || ' of order ' || number as subject, 'once' as expected, times || ' times' as found,
             not is_pending and times <> 1 as is_different, is_pending, read_started_at as seen_at
      from (
        select r.kind, o.number, o.read_started_at,
               r.state in ('due', 'sending', 'unknown')
                 or (r.external_id is not null and (o.read_started_at < r.finished_at or exists (
                   select from order_reads n where n.shop_id = o.shop_id and n.external_id = o.external_id)
                   or exists (select from inbox_events e where e.shop_id = o.shop_id and e.external_id = o.external_id
                              and e.state = 'pending'))) as is_pending,
               case when r.external_id is null then 1
                 else (select count(*) from order_refunds f where f.order_id = r.order_id and f.external_id = r.external_id) end as times
        from channel_requests r join orders o on o.id = r.order_id
        where r.state <> 'refused'
      ) as asked`,
  },
];
