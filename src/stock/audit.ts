import { sql } from 'drizzle-orm';
import { firstRow, rows, type AnyDb } from '../platform/db/index.ts';
import { checkResult, differencesShownMax, type Difference, type InvariantCheck } from '../platform/invariant/index.ts';

/** Invariants 1 and 2 of DESIGN §8: levels are sound, and equal to what they run over. */
export const stockChecks: readonly InvariantCheck[] = [
  {
    invariant: 1,
    name: 'stock.reserved_within_on_hand',
    title: '0 ≤ reserved ≤ on hand for every SKU and warehouse',
    run: reservedWithinOnHand,
  },
  {
    invariant: 2,
    name: 'stock.on_hand_is_the_ledger',
    title: 'on hand = Σ moves = Σ detail, sellable units',
    run: onHandIsTheLedger,
  },
  {
    invariant: 2,
    name: 'stock.reserved_is_the_reservations',
    title: 'reserved = Σ open reservations',
    run: reservedIsTheReservations,
  },
];

type Counts = { readonly checked: number; readonly different: number };
const none: Counts = { checked: 0, different: 0 };

async function reservedWithinOnHand(db: AnyDb) {
  const bad = sql`not (0 <= reserved and reserved <= on_hand)`;
  const counts = await firstRow<Counts>(
    db,
    sql`select count(*) as checked, count(*) filter (where ${bad}) as different from stock_levels`,
  );
  const differences = await rows<Difference>(
    db,
    sql`select 'sku ' || sku_id || ' warehouse ' || warehouse_id as subject, 'reserved within ' || on_hand as expected,
               reserved::text as found
        from stock_levels where ${bad} order by 1 limit ${differencesShownMax}`,
  );
  return checkResult(counts ?? none, differences);
}

async function onHandIsTheLedger(db: AnyDb) {
  const compared = sql`
    select coalesce(l.sku_id, m.sku_id, d.sku_id) as sku_id, coalesce(l.warehouse_id, m.warehouse_id, d.warehouse_id) as warehouse_id,
           coalesce(l.on_hand, 0) as on_hand, coalesce(m.units, 0) as moves, coalesce(d.units, 0) as detail
    from stock_levels l
    full join (select sku_id, warehouse_id, sum(quantity) as units from stock_moves where condition = 'sellable'
               group by sku_id, warehouse_id) m on m.sku_id = l.sku_id and m.warehouse_id = l.warehouse_id
    full join (select sku_id, warehouse_id, sum(quantity) as units from stock_details where condition = 'sellable'
               group by sku_id, warehouse_id) d
      on d.sku_id = coalesce(l.sku_id, m.sku_id) and d.warehouse_id = coalesce(l.warehouse_id, m.warehouse_id)`;
  const bad = sql`on_hand <> moves or on_hand <> detail`;
  const counts = await firstRow<Counts>(
    db,
    sql`select count(*) as checked, count(*) filter (where ${bad}) as different from (${compared}) c`,
  );
  const differences = await rows<Difference>(
    db,
    sql`select 'sku ' || sku_id || ' warehouse ' || warehouse_id as subject,
               'moves ' || moves || ', detail ' || detail as expected, 'on hand ' || on_hand as found
        from (${compared}) c where ${bad} order by 1 limit ${differencesShownMax}`,
  );
  return checkResult(counts ?? none, differences);
}

async function reservedIsTheReservations(db: AnyDb) {
  const compared = sql`
    select coalesce(l.sku_id, r.sku_id) as sku_id, coalesce(l.warehouse_id, r.warehouse_id) as warehouse_id,
           coalesce(l.reserved, 0) as reserved, coalesce(r.units, 0) as open
    from stock_levels l
    full join (select sku_id, warehouse_id, sum(quantity) as units from reservations where state = 'open'
               group by sku_id, warehouse_id) r on r.sku_id = l.sku_id and r.warehouse_id = l.warehouse_id`;
  const counts = await firstRow<Counts>(
    db,
    sql`select count(*) as checked, count(*) filter (where reserved <> open) as different from (${compared}) c`,
  );
  const differences = await rows<Difference>(
    db,
    sql`select 'sku ' || sku_id || ' warehouse ' || warehouse_id as subject, 'open reservations ' || open as expected,
               'reserved ' || reserved as found
        from (${compared}) c where reserved <> open order by 1 limit ${differencesShownMax}`,
  );
  return checkResult(counts ?? none, differences);
}
