import { sql } from 'drizzle-orm';
import { ownRows, type InvariantCheck } from '../platform/invariant/index.ts';

/** Invariant 5 of DESIGN §8 as far as invoices show it: their numbers, and their money against that of the orders. */
export const invoicingChecks: readonly InvariantCheck[] = [
  {
    invariant: 5,
    name: 'invoices.numbers_have_no_gaps',
    title: 'each invoice series has every number once, from its first to its last',
    compared: sql`
      select 'series ' || code || ' of ' || period as subject, first || ' to ' || last || ': ' || (last - first + 1) as expected,
             'lowest ' || coalesce(lowest::text, 'none') || ', highest ' || coalesce(highest::text, 'none') || ': ' || numbers || ' numbers' as found,
             numbers <> last - first + 1 or (numbers > 0 and (lowest <> first or highest <> last)) as is_different, ${ownRows}
      from (
        select s.code, p.period, case when p.period = s.start_period then s.start_serial else 1 end as first,
               case when p.period = s.period then s.last_serial else coalesce(n.highest, 0) end as last,
               n.lowest, n.highest, coalesce(n.numbers, 0) as numbers
        from invoice_series s
        join lateral (select s.period union select i.period from invoices i where i.series_id = s.id) p on true
        left join lateral (
          select min(first) as lowest, max(last) as highest, sum(last - first + 1) as numbers
          from (
            select i.serial as first, i.serial as last from invoices i where i.series_id = s.id and i.period = p.period
            union all
            select l.first_serial, l.last_serial from invoice_lost_numbers l where l.series_id = s.id and l.period = p.period
          ) as given
        ) n on true
      ) as counted`,
  },
  {
    invariant: 5,
    name: 'invoices.total_is_the_orders',
    title: 'each invoice has the total of its order at the version it was issued for',
    // A later version that changed the total keeps the one before as `old`.
    compared: sql`
      select 'invoice ' || number as subject, 'total ' || order_total as expected, 'total ' || total_minor as found,
             total_minor <> order_total as is_different, ${ownRows}
      from (
        select i.number, i.total_minor, coalesce((
                 select (f->>'old')::int8 from order_versions v, jsonb_array_elements(v.changes->'fields') f
                 where v.order_id = i.order_id and v.version > i.order_version and f->>'field' = 'totalMinor'
                 order by v.version limit 1), o.total_minor) as order_total
        from invoices i join orders o on o.id = i.order_id
        where i.kind = 'invoice'
      ) as issued`,
  },
  {
    invariant: 5,
    name: 'invoices.credited_within_invoiced',
    title: 'no invoice is credited beyond its total',
    compared: sql`
      select 'invoice ' || i.number as subject, 'credited up to ' || i.total_minor as expected, 'credited ' || c.credited as found,
             c.credited > greatest(0, i.total_minor) as is_different, ${ownRows}
      from invoices i
      join (select corrects_invoice_id, sum(total_minor) as credited from invoices where kind = 'credit_note'
            group by corrects_invoice_id) c on c.corrects_invoice_id = i.id`,
  },
];
