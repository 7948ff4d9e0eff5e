import { sql } from 'drizzle-orm';
import { firstRow, rows, type AnyDb } from '../platform/db/index.ts';
import { checkResult, differencesShownMax, type Difference, type InvariantCheck } from '../platform/invariant/index.ts';

/** Invariants 3 and 5 of DESIGN §8 as far as orders show them: each order once, and its money to the minor unit. */
export const orderChecks: readonly InvariantCheck[] = [
  {
    invariant: 3,
    name: 'orders.once',
    title: 'each channel order exists once, and no inbox event was applied to it twice',
    run: onceEach,
  },
  {
    invariant: 5,
    name: 'orders.total_adds_up',
    title: 'total = Σ lines + shipping + (tax where prices exclude it) − discounts + residual, from the rows',
    run: totalAddsUp,
  },
  {
    invariant: 5,
    name: 'orders.refunds_add_up',
    title: 'refunded = Σ refunds that did not fail',
    run: refundsAddUp,
  },
];

type Counts = { readonly checked: number; readonly different: number };
const none: Counts = { checked: 0, different: 0 };

async function onceEach(db: AnyDb) {
  const twice = sql`
    select 'order ' || shop_id || '/' || external_id as subject, count(*) as times from orders
    group by shop_id, external_id having count(*) > 1
    union all
    select 'inbox event ' || inbox_event_id || ' on order ' || order_id, count(*) from order_versions
    where inbox_event_id is not null group by inbox_event_id, order_id having count(*) > 1`;
  const counts = await firstRow<Counts>(
    db,
    sql`select (select count(*) from orders) as checked, (select count(*) from (${twice}) t) as different`,
  );
  const differences = await rows<Difference>(
    db,
    sql`select subject, 'once' as expected, times || ' times' as found from (${twice}) t order by 1 limit ${differencesShownMax}`,
  );
  return checkResult(counts ?? none, differences);
}

async function totalAddsUp(db: AnyDb) {
  const compared = sql`
    select o.number, o.total_minor, o.lines_minor, o.shipping_minor, o.tax_minor, o.discount_minor,
           coalesce(l.amount, 0) as lines, coalesce(s.amount, 0) as shipping, coalesce(t.amount, 0) as tax,
           coalesce(d.amount, 0) as discount, o.residual_minor, o.prices_include_tax
    from orders o
    left join (select order_id, sum(amount_minor) as amount from order_lines group by order_id) l on l.order_id = o.id
    left join (select order_id, sum(amount_minor) as amount from order_shipping_lines group by order_id) s on s.order_id = o.id
    left join (select order_id, sum(amount_minor) as amount from order_taxes group by order_id) t on t.order_id = o.id
    left join (select order_id, sum(amount_minor) as amount from order_discounts group by order_id) d on d.order_id = o.id`;
  const bad = sql`lines <> lines_minor or shipping <> shipping_minor or tax <> tax_minor or discount <> discount_minor
    or total_minor <> lines + shipping + case when prices_include_tax then 0 else tax end - discount + residual_minor`;
  const counts = await firstRow<Counts>(
    db,
    sql`select count(*) as checked, count(*) filter (where ${bad}) as different from (${compared}) c`,
  );
  const differences = await rows<Difference>(
    db,
    sql`select 'order ' || number as subject,
               'total ' || total_minor || ', lines ' || lines_minor || ', shipping ' || shipping_minor || ', tax ' || tax_minor
                 || ', discount ' || discount_minor as expected,
               'lines ' || lines || ', shipping ' || shipping || ', tax ' || tax || ', discount ' || discount
                 || ', residual ' || residual_minor as found
        from (${compared}) c where ${bad} order by number limit ${differencesShownMax}`,
  );
  return checkResult(counts ?? none, differences);
}

async function refundsAddUp(db: AnyDb) {
  const compared = sql`
    select o.number, o.refunded_minor, coalesce(sum(r.amount_minor) filter (where r.state <> 'failed'), 0) as refunds
    from orders o left join order_refunds r on r.order_id = o.id group by o.id`;
  const counts = await firstRow<Counts>(
    db,
    sql`select count(*) as checked, count(*) filter (where refunded_minor <> refunds) as different from (${compared}) c`,
  );
  const differences = await rows<Difference>(
    db,
    sql`select 'order ' || number as subject, refunds::text as expected, refunded_minor::text as found
        from (${compared}) c where refunded_minor <> refunds order by number limit ${differencesShownMax}`,
  );
  return checkResult(counts ?? none, differences);
}
