import { sql } from 'drizzle-orm';
import { ownRows, type InvariantCheck } from '../platform/invariant/index.ts';

const open = sql`(select part_id, sum(quantity) as units from reservations where state = 'open' group by part_id)`;
const consumed = sql`(select part_id, sum(quantity) as units from reservations where state = 'consumed' group by part_id)`;
const gone = sql`(select l.part_id, sum(l.quantity) as units
  from shipment_lines l join shipments s on s.id = l.shipment_id and s.state = 'shipped' group by l.part_id)`;

/** Invariant 4 of DESIGN §8: no unit of an order is lost, and each ships once. */
export const fulfilmentChecks: readonly InvariantCheck[] = [
  {
    invariant: 4,
    name: 'parts.every_unit_is_somewhere',
    title: 'ordered = cancelled + shipped + reserved + demand for every part',
    compared: sql`
      select 'part ' || p.id || ' of order ' || o.number as subject, 'ordered ' || p.ordered as expected,
             'cancelled ' || p.cancelled || ' + shipped ' || p.shipped || ' + reserved ' || coalesce(r.units, 0)
               || ' + demand ' || coalesce(d.quantity, 0) as found,
             p.ordered <> p.cancelled + p.shipped + coalesce(r.units, 0) + coalesce(d.quantity, 0) as is_different, ${ownRows}
      from order_line_parts p
      join orders o on o.id = p.order_id
      left join ${open} r on r.part_id = p.id
      left join stock_demand d on d.part_id = p.id`,
  },
  {
    invariant: 4,
    name: 'parts.each_unit_ships_once',
    title: 'shipped = Σ lines of shipped shipments = Σ consumed reservations for every part',
    compared: sql`
      select 'part ' || p.id || ' of order ' || o.number as subject, 'shipped ' || p.shipped as expected,
             'on shipped lines ' || coalesce(g.units, 0) || ', consumed ' || coalesce(c.units, 0) as found,
             p.shipped <> coalesce(g.units, 0) or p.shipped <> coalesce(c.units, 0) as is_different, ${ownRows}
      from order_line_parts p
      join orders o on o.id = p.order_id
      left join ${gone} g on g.part_id = p.id
      left join ${consumed} c on c.part_id = p.id`,
  },
  {
    invariant: 4,
    name: 'shipments.lines_are_reserved',
    title: 'each line of an open shipment has one open reservation of its quantity, in its warehouse',
    compared: sql`
      select 'shipment ' || s.number || ' line ' || l.id as subject, 'reserved ' || l.quantity as expected,
             'reserved ' || coalesce(r.quantity, 0)
               || case when r.warehouse_id <> s.warehouse_id then ' in another warehouse' else '' end as found,
             l.quantity <> coalesce(r.quantity, 0) or coalesce(r.warehouse_id <> s.warehouse_id, false) as is_different, ${ownRows}
      from shipment_lines l
      join shipments s on s.id = l.shipment_id and s.state not in ('shipped', 'cancelled')
      left join reservations r on r.shipment_line_id = l.id and r.state = 'open'`,
  },
];
