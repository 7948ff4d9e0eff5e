import { sql } from 'drizzle-orm';
import { firstRow, rows, type AnyDb } from '../platform/db/index.ts';
import { checkResult, differencesShownMax, type Difference, type InvariantCheck } from '../platform/invariant/index.ts';

/** Invariant 4 of DESIGN §8: no unit of an order is lost, and each ships once. */
export const fulfilmentChecks: readonly InvariantCheck[] = [
  {
    invariant: 4,
    name: 'parts.every_unit_is_somewhere',
    title: 'ordered = cancelled + shipped + reserved + demand for every part',
    run: everyUnitIsSomewhere,
  },
  {
    invariant: 4,
    name: 'parts.each_unit_ships_once',
    title: 'shipped = Σ lines of shipped shipments = Σ consumed reservations = Σ moves out, by part and shipment',
    run: eachUnitShipsOnce,
  },
  {
    invariant: 4,
    name: 'shipments.lines_are_reserved',
    title: 'each line of an open shipment has one open reservation of its quantity',
    run: openLinesAreReserved,
  },
];

type Counts = { readonly checked: number; readonly different: number };
const none: Counts = { checked: 0, different: 0 };

async function everyUnitIsSomewhere(db: AnyDb) {
  const compared = sql`
    select p.id, p.order_id, p.ordered, p.cancelled, p.shipped, coalesce(r.units, 0) as reserved, coalesce(d.quantity, 0) as demand
    from order_line_parts p
    left join (select part_id, sum(quantity) as units from reservations where state = 'open' group by part_id) r on r.part_id = p.id
    left join stock_demand d on d.part_id = p.id`;
  const bad = sql`ordered <> cancelled + shipped + reserved + demand`;
  const counts = await firstRow<Counts>(
    db,
    sql`select count(*) as checked, count(*) filter (where ${bad}) as different from (${compared}) c`,
  );
  const differences = await rows<Difference>(
    db,
    sql`select 'part ' || c.id || ' of order ' || o.number as subject, 'ordered ' || ordered as expected,
               'cancelled ' || cancelled || ', shipped ' || shipped || ', reserved ' || reserved || ', demand ' || demand as found
        from (${compared}) c join orders o on o.id = c.order_id where ${bad} order by o.number, c.id limit ${differencesShownMax}`,
  );
  return checkResult(counts ?? none, differences);
}

async function eachUnitShipsOnce(db: AnyDb) {
  const compared = sql`
    select p.id, p.order_id, p.shipped, coalesce(l.units, 0) as lines, coalesce(r.units, 0) as consumed
    from order_line_parts p
    left join (select sl.part_id, sum(sl.quantity) as units from shipment_lines sl
               join shipments s on s.id = sl.shipment_id and s.state = 'shipped' group by sl.part_id) l on l.part_id = p.id
    left join (select part_id, sum(quantity) as units from reservations where state = 'consumed' group by part_id) r on r.part_id = p.id`;
  const bad = sql`shipped <> lines or shipped <> consumed`;
  const counts = await firstRow<Counts>(
    db,
    sql`select count(*) as checked, count(*) filter (where ${bad}) as different from (${compared}) c`,
  );
  const differences = await rows<Difference>(
    db,
    sql`select 'part ' || c.id || ' of order ' || o.number as subject, 'shipped ' || shipped as expected,
               'on shipped lines ' || lines || ', consumed ' || consumed as found
        from (${compared}) c join orders o on o.id = c.order_id where ${bad} order by o.number, c.id limit ${differencesShownMax}`,
  );
  return checkResult(counts ?? none, differences);
}

async function openLinesAreReserved(db: AnyDb) {
  const compared = sql`
    select s.number, l.id, l.quantity, coalesce(r.quantity, 0) as reserved, r.warehouse_id is distinct from s.warehouse_id and r.id is not null as elsewhere
    from shipment_lines l
    join shipments s on s.id = l.shipment_id and s.state not in ('shipped', 'cancelled')
    left join reservations r on r.shipment_line_id = l.id and r.state = 'open'`;
  const bad = sql`quantity <> reserved or elsewhere`;
  const counts = await firstRow<Counts>(
    db,
    sql`select count(*) as checked, count(*) filter (where ${bad}) as different from (${compared}) c`,
  );
  const differences = await rows<Difference>(
    db,
    sql`select 'shipment ' || number || ' line ' || id as subject, 'reserved ' || quantity as expected,
               reserved || case when elsewhere then ' in another warehouse' else '' end as found
        from (${compared}) c where ${bad} order by number, id limit ${differencesShownMax}`,
  );
  return checkResult(counts ?? none, differences);
}
