import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import type { SkuId } from '../../../src/kernel/index.ts';
import { rows } from '../../../src/platform/db/index.ts';
import type { TestDatabase } from '../database.ts';

/** Invariants 1, 2 and 4 for these SKUs, by numbers that the product's own checks do not use. */
export async function expectInvariants(database: TestDatabase, skuIds: readonly SkuId[]): Promise<void> {
  const ids = sql`any(${`{${skuIds.join(',')}}`}::uuid[])`;
  const broken = await database.read((db) =>
    rows(
      db,
      sql`select 'level' as what, sku_id, warehouse_id::text as at, on_hand, reserved from stock_levels level
          where sku_id = ${ids} and not (
            0 <= reserved and reserved <= on_hand
            and on_hand = (select coalesce(sum(quantity), 0) from stock_moves m where m.sku_id = level.sku_id and m.warehouse_id = level.warehouse_id)
            and on_hand = (select coalesce(sum(quantity), 0) from stock_details d where d.sku_id = level.sku_id and d.warehouse_id = level.warehouse_id)
            and reserved = (select coalesce(sum(quantity), 0) from reservations r where r.sku_id = level.sku_id and r.warehouse_id = level.warehouse_id and r.state = 'open'))
          union all
          select 'part', part.sku_id, part.id::text, part.ordered, part.shipped from order_line_parts part
          join stock_demand demand on demand.part_id = part.id
          where part.sku_id = ${ids} and (
            part.ordered <> part.cancelled + part.shipped + demand.quantity
              + (select coalesce(sum(quantity), 0) from reservations where part_id = part.id and state = 'open')
            or part.shipped <> (
              select coalesce(sum(line.quantity), 0) from shipment_lines line join shipments s on s.id = line.shipment_id
              where line.part_id = part.id and s.state = 'shipped'))
          union all
          select 'line', line.sku_id, line.id::text, line.quantity, 0 from shipment_lines line
          join shipments s on s.id = line.shipment_id and s.state not in ('shipped', 'cancelled')
          where line.sku_id = ${ids} and line.quantity <> (
            select coalesce(sum(quantity), 0) from reservations where shipment_line_id = line.id and state = 'open')`,
    ),
  );
  expect(broken).toEqual([]);
}
