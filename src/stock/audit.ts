import { sql } from 'drizzle-orm';
import { ownRows, type InvariantCheck } from '../platform/invariant/index.ts';

/** Invariants 1 and 2 of DESIGN §8: levels are sound, and equal to what they run over. */
export const stockChecks: readonly InvariantCheck[] = [
  {
    invariant: 1,
    name: 'stock.reserved_within_on_hand',
    title: '0 ≤ reserved ≤ on hand for every SKU and warehouse',
    compared: sql`
      select 'sku ' || sku_id || ' warehouse ' || warehouse_id as subject, 'reserved within ' || on_hand as expected,
             'reserved ' || reserved as found, not (0 <= reserved and reserved <= on_hand) as is_different, ${ownRows}
      from stock_levels`,
  },
  {
    invariant: 2,
    name: 'stock.on_hand_is_the_ledger',
    title: 'on hand = Σ moves = Σ detail, sellable units',
    compared: sql`
      select 'sku ' || sku_id || ' warehouse ' || warehouse_id as subject, 'moves ' || moves || ', detail ' || detail as expected,
             'on hand ' || on_hand as found, on_hand <> moves or on_hand <> detail as is_different, ${ownRows}
      from (
        select sku_id, warehouse_id, sum(on_hand) as on_hand, sum(moved) as moves, sum(lying) as detail
        from (
          select sku_id, warehouse_id, on_hand, 0 as moved, 0 as lying from stock_levels
          union all
          select sku_id, warehouse_id, 0, quantity, 0 from stock_moves where condition = 'sellable'
          union all
          select sku_id, warehouse_id, 0, 0, quantity from stock_details where condition = 'sellable'
        ) as entries
        group by sku_id, warehouse_id
      ) as places`,
  },
  {
    invariant: 2,
    name: 'stock.reserved_is_the_reservations',
    title: 'reserved = Σ open reservations',
    compared: sql`
      select 'sku ' || sku_id || ' warehouse ' || warehouse_id as subject, 'open reservations ' || open as expected,
             'reserved ' || reserved as found, reserved <> open as is_different, ${ownRows}
      from (
        select sku_id, warehouse_id, sum(reserved) as reserved, sum(open) as open
        from (
          select sku_id, warehouse_id, reserved, 0 as open from stock_levels
          union all
          select sku_id, warehouse_id, 0, quantity from reservations where state = 'open'
        ) as entries
        group by sku_id, warehouse_id
      ) as places`,
  },
];
