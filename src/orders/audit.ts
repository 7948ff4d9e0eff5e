import { sql, type SQL } from 'drizzle-orm';
import { firstRow, rows, type AnyDb } from '../platform/db/index.ts';
import {
  checkResult,
  differencesShownMax,
  type CheckResult,
  type Difference,
  type InvariantCheck,
} from '../platform/invariant/index.ts';

/** Invariants 4 and 5 of DESIGN §8. */
export const orderChecks: readonly InvariantCheck[] = [
  {
    invariant: 4,
    name: 'orders.parts_add_up',
    title: 'ordered = cancelled + shipped + reserved + demand for every part',
    run: (db) => compare(db, partUnits, sql`ordered <> accounted`),
  },
  {
    invariant: 5,
    name: 'orders.total_adds_up',
    title:
      'total = lines + shipping + tax where prices exclude it − discounts + residual, with lines, shipping, discounts and taxes as stored',
    run: (db) => compare(db, totals, sql`ordered <> accounted`),
  },
  {
    invariant: 5,
    name: 'orders.refunds_add_up',
    title: 'refunded = Σ refunds that have not failed',
    run: (db) => compare(db, refunds, sql`ordered <> accounted`),
  },
];

const partUnits = sql`
  select 'part ' || p.id as subject, p.ordered::int8 as ordered,
         (p.cancelled + p.shipped + coalesce(r.units, 0) + coalesce(d.quantity, 0))::int8 as accounted
  from order_line_parts p
  left join stock_demand d on d.part_id = p.id
  left join (select part_id, sum(quantity) as units from reservations where state = 'open' group by part_id) r on r.part_id = p.id`;

const totals = sql`
  select 'order ' || o.number as subject, o.total_minor as ordered,
         (coalesce(l.minor, 0) + coalesce(s.minor, 0) + case when o.prices_include_tax then 0 else coalesce(t.minor, 0) end
           - coalesce(d.minor, 0) + o.residual_minor)::int8 as accounted
  from orders o
  left join (select order_id, sum(amount_minor) as minor from order_lines group by order_id) l on l.order_id = o.id
  left join (select order_id, sum(amount_minor) as minor from order_shipping_lines group by order_id) s on s.order_id = o.id
  left join (select order_id, sum(amount_minor) as minor from order_taxes group by order_id) t on t.order_id = o.id
  left join (select order_id, sum(amount_minor) as minor from order_discounts group by order_id) d on d.order_id = o.id`;

const refunds = sql`
  select 'order ' || o.number as subject, o.refunded_minor as ordered, coalesce(r.minor, 0)::int8 as accounted
  from orders o
  left join (select order_id, sum(amount_minor) as minor from order_refunds where state <> 'failed' group by order_id) r
    on r.order_id = o.id`;

async function compare(db: AnyDb, compared: SQL, bad: SQL): Promise<CheckResult> {
  const counts = await firstRow<{ checked: number; different: number }>(
    db,
    sql`select count(*) as checked, count(*) filter (where ${bad}) as different from (${compared}) c`,
  );
  const differences = await rows<Difference>(
    db,
    sql`select subject, ordered::text as expected, accounted::text as found from (${compared}) c where ${bad}
        order by subject limit ${differencesShownMax}`,
  );
  return checkResult(counts ?? { checked: 0, different: 0 }, differences);
}
