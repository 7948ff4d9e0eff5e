import { sql } from 'drizzle-orm';
import { firstRow, rows, type AnyDb } from '../platform/db/index.ts';
import {
  checkResult,
  differencesShownMax,
  type CheckResult,
  type Difference,
  type InvariantCheck,
} from '../platform/invariant/index.ts';

/** Invariant 3 of DESIGN §8; that an order exists once is a unique key. */
export const inboundChecks: readonly InvariantCheck[] = [
  {
    invariant: 3,
    name: 'inbox.applied_once',
    title: 'each message is applied at most once, and what was applied is an order',
    run: appliedOnce,
  },
];

const messages = sql`
  select e.id, e.state, (select count(*) from order_versions v where v.inbox_event_id = e.id) as versions,
         exists (select from orders o where o.shop_id = e.shop_id and o.external_id = e.external_id) as has_order
  from inbox_events e where e.topic = 'order'`;

const bad = sql`versions > 1 or (state = 'applied' and not has_order) or (state <> 'applied' and versions > 0)`;

async function appliedOnce(db: AnyDb): Promise<CheckResult> {
  const counts = await firstRow<{ checked: number; different: number; pending: number }>(
    db,
    sql`select count(*) as checked, count(*) filter (where ${bad}) as different, count(*) filter (where state = 'pending') as pending
        from (${messages}) m`,
  );
  const differences = await rows<Difference>(
    db,
    sql`select 'inbox event ' || id as subject, 'applied once, to an order' as expected,
               state || ', applied ' || versions || ' times' || case when has_order then '' else ', no order' end as found
        from (${messages}) m where ${bad} order by id limit ${differencesShownMax}`,
  );
  return checkResult(counts ?? { checked: 0, different: 0 }, differences);
}
