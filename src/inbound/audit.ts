import { sql } from 'drizzle-orm';
import { ownRows, type InvariantCheck } from '../platform/invariant/index.ts';

/** Invariant 3 of DESIGN §8 as far as the inbox shows it: nothing acknowledged is lost, nothing is applied twice. */
export const inboundChecks: readonly InvariantCheck[] = [
  {
    invariant: 3,
    name: 'inbox.applied_once',
    title: 'each message is applied at most once, and what was applied is an order',
    compared: sql`
      select 'inbox event ' || id as subject, 'applied once, to an order' as expected,
             state || ', applied ' || versions || ' times' || case when has_order then '' else ', no order' end as found,
             versions > 1 or (state = 'applied' and not has_order) or (state <> 'applied' and versions > 0) as is_different,
             state = 'pending' as is_pending, null::timestamptz as seen_at
      from (
        select e.id, e.state, (select count(*) from order_versions v where v.inbox_event_id = e.id) as versions,
               exists (select from orders o where o.shop_id = e.shop_id and o.external_id = e.external_id) as has_order
        from inbox_events e where e.topic = 'order'
      ) as messages`,
  },
  {
    invariant: 3,
    name: 'inbox.nothing_lost',
    title: 'every message that waits or is parked still has its bytes',
    compared: sql`
      select 'inbox event ' || e.id as subject, 'its bytes' as expected, 'none' as found,
             b.inbox_event_id is null as is_different, ${ownRows}
      from inbox_events e left join inbox_bodies b on b.inbox_event_id = e.id
      where e.state in ('pending', 'parked')`,
  },
];
