import { sql } from 'drizzle-orm';
import { ownRows, type InvariantCheck } from '../platform/invariant/index.ts';

/** Returns over invariants 2, 4 and 5 of DESIGN §8: units come back once, goods and money as decided. */
export const returnChecks: readonly InvariantCheck[] = [
  {
    invariant: 2,
    name: 'returns.restocked_is_the_ledger',
    title: 'restocked units of every return line = Σ its stock moves, in SKU units',
    compared: sql`
      select 'return ' || r.number || ' sku ' || p.sku_id as subject, 'restocked ' || l.restocked * p.units_per_line as expected,
             'moves ' || coalesce(m.units, 0) as found, l.restocked * p.units_per_line <> coalesce(m.units, 0) as is_different, ${ownRows}
      from return_lines l
      join returns r on r.id = l.return_id
      join order_line_parts p on p.order_line_id = l.order_line_id
      left join (
        select reference_id, sku_id, sum(quantity) as units from stock_moves
        where reason = 'returned' and reference_kind = 'return_line' group by reference_id, sku_id
      ) m on m.reference_id = l.id and m.sku_id = p.sku_id`,
  },
  {
    invariant: 4,
    name: 'returns.decided_within_returned',
    title: 'what was decided of every return line = Σ its decisions ≤ its units; decided in full where its return is',
    compared: sql`
      select 'return ' || number || ' line ' || id as subject,
             'decisions ' || restock || ' + ' || scrap || ' + ' || none || ' within ' || quantity as expected,
             state || ', decided ' || restocked || ' + ' || scrapped || ' + ' || not_returned as found,
             restocked <> restock or scrapped <> scrap or not_returned <> none
               or restocked + scrapped + not_returned > quantity
               or (state = 'decided' and restocked + scrapped + not_returned < quantity)
               or (state = 'withdrawn' and restocked + scrapped + not_returned > 0) as is_different, ${ownRows}
      from (
        select r.number, r.state, l.id, l.quantity, l.restocked, l.scrapped, l.not_returned,
               coalesce(sum(d.quantity) filter (where d.decision = 'restock'), 0) as restock,
               coalesce(sum(d.quantity) filter (where d.decision = 'scrap'), 0) as scrap,
               coalesce(sum(d.quantity) filter (where d.decision = 'none'), 0) as none
        from return_lines l
        join returns r on r.id = l.return_id
        left join return_decisions d on d.return_line_id = l.id
        group by r.id, l.id
      ) as lines`,
  },
  {
    invariant: 4,
    name: 'returns.returned_within_shipped',
    title: 'units in returns = what parts count as returned ≤ shipped, for every part with a return',
    compared: sql`
      select 'part ' || p.id || ' of order ' || o.number as subject,
             'in returns ' || coalesce(t.units, 0) * p.units_per_line || ' within ' || p.shipped as expected,
             'returned ' || p.returned as found,
             p.returned <> coalesce(t.units, 0) * p.units_per_line or p.returned > p.shipped as is_different, ${ownRows}
      from order_line_parts p
      join orders o on o.id = p.order_id
      left join (
        select l.order_line_id, sum(l.quantity) as units
        from return_lines l join returns r on r.id = l.return_id and r.state <> 'withdrawn' group by l.order_line_id
      ) t on t.order_line_id = p.order_line_id
      where p.returned <> 0 or t.units is not null`,
  },
  {
    invariant: 5,
    name: 'returns.refunded_within_paid',
    title:
      'what returns asked to be paid back and was not refused ≤ what the buyer paid, for every order with a return',
    compared: sql`
      select 'order ' || o.number as subject, 'at most ' || o.buyer_paid_minor as expected, 'refunded ' || refunds.minor as found,
             refunds.minor > o.buyer_paid_minor as is_different, ${ownRows}
      from (
        select r.order_id, coalesce(sum(coalesce(f.amount_minor, x.amount_minor))
                                    filter (where coalesce(f.state, x.state) not in ('refused', 'failed')), 0) as minor
        from returns r
        left join return_refunds x on x.return_id = r.id and x.request_id is not null
        left join order_refunds f on f.order_id = x.order_id and f.external_id = x.external_id
        group by r.order_id
      ) as refunds join orders o on o.id = refunds.order_id`,
  },
];
