import { sql } from 'drizzle-orm';
import { ownRows, type InvariantCheck } from '../platform/invariant/index.ts';

/** Invariants 3 and 5 of DESIGN §8 as far as orders show them: each order once, and its money to the minor unit. */
export const orderChecks: readonly InvariantCheck[] = [
  {
    invariant: 3,
    name: 'orders.once',
    title: 'each channel order exists once',
    compared: sql`
      select 'order ' || external_id || ' of shop ' || shop_id as subject, 'once' as expected, count(*) || ' times' as found,
             count(*) > 1 as is_different, ${ownRows}
      from orders group by shop_id, external_id`,
  },
  {
    invariant: 5,
    name: 'orders.total_adds_up',
    title: 'total = Σ lines + shipping + (tax where prices exclude it) − discounts + residual, from the rows',
    compared: sql`
      select 'order ' || number as subject, 'total ' || total_minor as expected,
             'lines ' || lines || ' + shipping ' || shipping || ' + tax ' || tax || ' − discounts ' || discounts
               || ' + residual ' || residual_minor as found,
             total_minor <> lines + shipping + tax - discounts + residual_minor as is_different, ${ownRows}
      from (
        select o.number, o.total_minor, o.residual_minor, coalesce(l.minor, 0) as lines, coalesce(s.minor, 0) as shipping,
               case when o.prices_include_tax then 0 else coalesce(t.minor, 0) end as tax, coalesce(d.minor, 0) as discounts
        from orders o
        left join (select order_id, sum(amount_minor) as minor from order_lines group by order_id) l on l.order_id = o.id
        left join (select order_id, sum(amount_minor) as minor from order_shipping_lines group by order_id) s on s.order_id = o.id
        left join (select order_id, sum(amount_minor) as minor from order_taxes group by order_id) t on t.order_id = o.id
        left join (select order_id, sum(amount_minor) as minor from order_discounts group by order_id) d on d.order_id = o.id
      ) as sums`,
  },
  {
    invariant: 5,
    name: 'orders.refunds_add_up',
    title: 'refunded = Σ refunds that have not failed',
    compared: sql`
      select 'order ' || o.number as subject, 'refunds ' || coalesce(r.minor, 0) as expected, 'refunded ' || o.refunded_minor as found,
             o.refunded_minor <> coalesce(r.minor, 0) as is_different, ${ownRows}
      from orders o
      left join (select order_id, sum(amount_minor) as minor from order_refunds where state <> 'failed' group by order_id) r
        on r.order_id = o.id`,
  },
];
