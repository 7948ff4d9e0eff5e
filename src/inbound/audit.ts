import { sql } from 'drizzle-orm';
import { firstRow, rows, type AnyDb } from '../platform/db/index.ts';
import { checkResult, differencesShownMax, type Difference, type InvariantCheck } from '../platform/invariant/index.ts';

/** Invariant 3 of DESIGN §8 as far as the inbox shows it: nothing acknowledged is lost. */
export const inboundChecks: readonly InvariantCheck[] = [
  {
    invariant: 3,
    name: 'inbox.nothing_lost',
    title: 'every acknowledged order document has its bytes while it waits, and its order once it is applied',
    run: nothingLost,
  },
];

async function nothingLost(db: AnyDb) {
  const bad = sql`(e.state in ('pending', 'parked') and b.inbox_event_id is null)
    or (e.state = 'applied' and e.topic = 'order' and e.source <> 'webhook' and o.id is null)`;
  const from = sql`from inbox_events e
    left join inbox_bodies b on b.inbox_event_id = e.id
    left join orders o on o.shop_id = e.shop_id and o.external_id = e.external_id`;
  const counts = await firstRow<{ checked: number; different: number; pending: number }>(
    db,
    sql`select count(*) as checked, count(*) filter (where ${bad}) as different,
               count(*) filter (where e.state = 'pending') as pending ${from}`,
  );
  const differences = await rows<Difference>(
    db,
    sql`select 'inbox event ' || e.id || ' (' || e.state || ')' as subject,
               case when e.state = 'applied' then 'an order' else 'its bytes' end as expected, 'nothing' as found
        ${from} where ${bad} order by e.id limit ${differencesShownMax}`,
  );
  return checkResult(counts ?? { checked: 0, different: 0, pending: 0 }, differences);
}
