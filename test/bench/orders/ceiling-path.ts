import type pg from 'pg';
import type { Batch } from './cast-batch.ts';

/** Tables that stand before the order is taken in: committed first, for the channel is answered then. */
const inboxTables = new Set(['inbox_events', 'inbox_bodies']);

/**
 * The limit of the database: the rows of one batch, written by prepared set-based statements on one connection, in two
 * transactions (stored; taken in, reserved and shipped). It reads nothing but the levels, which it locks and checks; it
 * translates, plans and seals nothing. What the product writes twice is written twice: a message is pending before it is
 * applied, units are demand before they are reserved, and numbers of listings are due to be told.
 */
export async function writeBatch(client: pg.Client, batch: Batch): Promise<void> {
  const run = (text: string, values: unknown[] = []) => client.query({ name: nameOf(text), text, values });
  const insert = async (name: string, first: Readonly<Record<string, string | null>> = {}): Promise<void> => {
    const table = tableOf(batch, name);
    const names = table.columns.map((column) => `"${column.name}"`).join(', ');
    const arrays = table.columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ');
    const values = table.columns.map((column, index) => {
      const cells = table.values[index] ?? [];
      return column.name in first ? cells.map(() => first[column.name] ?? null) : cells;
    });
    await run(`insert into "${name}" (${names}) select * from unnest(${arrays})`, values);
  };

  await client.query('begin');
  await insert('inbox_events', { state: 'pending', finished_at: null, attempts: '0' });
  await insert('inbox_bodies');
  await client.query('commit');

  await client.query('begin');
  const reserved = sumReserved(batch);
  for (const name of batch.keys()) {
    if (name === 'stock_demand') await insertOpenDemand(run, batch);
    else if (!inboxTables.has(name)) await insert(name);
  }
  const events = cellsOf(batch, 'inbox_events', 'id');
  await run(
    `update inbox_events set state = 'applied', finished_at = received_at, attempts = 1 where id = any($1::uuid[])`,
    [events],
  );
  await run(`update stock_demand set quantity = 0, is_due = false where part_id = any($1::uuid[])`, [
    cellsOf(batch, 'stock_demand', 'part_id'),
  ]);
  await reserveUnits(run, reserved);
  const skuIds = [...new Set(cellsOf(batch, 'stock_demand', 'sku_id'))];
  await run(
    `update listings l set wanted_version = l.wanted_version + 1, wanted_at = coalesce(l.wanted_at, $2)
     from (select id from listings where sku_id = any($1::uuid[]) order by id for update) c where l.id = c.id`,
    [skuIds, new Date()],
  );
  await client.query('commit');
}

type Run = (text: string, values: unknown[]) => Promise<pg.QueryResult>;
type Reserved = { readonly skuId: string; readonly warehouseId: string; units: number };

/** Demand stands with the units that the order wants until they are reserved. */
async function insertOpenDemand(run: Run, batch: Batch): Promise<void> {
  const ordered = new Map(
    cellsOf(batch, 'order_line_parts', 'id').map((id, index) => [
      id,
      cellsOf(batch, 'order_line_parts', 'ordered')[index],
    ]),
  );
  const { columns, values } = tableOf(batch, 'stock_demand');
  const parts = cellsOf(batch, 'stock_demand', 'part_id');
  const names = columns.map((column) => `"${column.name}"`).join(', ');
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ');
  const open = columns.map((column, index) => {
    if (column.name === 'quantity') return parts.map((id) => ordered.get(id));
    return column.name === 'is_due' ? parts.map(() => 'true') : values[index];
  });
  await run(`insert into stock_demand (${names}) select * from unnest(${arrays})`, open);
}

/** The stock check: levels locked in key order, looked at, and lessened once each, however many orders want them. */
async function reserveUnits(run: Run, reserved: readonly Reserved[]): Promise<void> {
  const skuIds = reserved.map(({ skuId }) => skuId);
  const warehouseIds = reserved.map(({ warehouseId }) => warehouseId);
  const { rows } = await run(
    `select sku_id, warehouse_id, on_hand - reserved as free from stock_levels
     where (sku_id, warehouse_id) in (select * from unnest($1::uuid[], $2::uuid[]))
     order by sku_id, warehouse_id for update`,
    [skuIds, warehouseIds],
  );
  const free = new Map(rows.map((row) => [`${row.sku_id} ${row.warehouse_id}`, Number(row.free)]));
  for (const { skuId, warehouseId, units } of reserved) {
    if ((free.get(`${skuId} ${warehouseId}`) ?? 0) < units) throw new Error('not enough stock for the bench');
  }
  await run(
    `update stock_levels l set reserved = l.reserved + t.units, updated_at = $4
     from unnest($1::uuid[], $2::uuid[], $3::int4[]) as t (sku_id, warehouse_id, units)
     where l.sku_id = t.sku_id and l.warehouse_id = t.warehouse_id`,
    [skuIds, warehouseIds, reserved.map(({ units }) => units), new Date()],
  );
}

function sumReserved(batch: Batch): Reserved[] {
  const skuIds = cellsOf(batch, 'reservations', 'sku_id');
  const warehouseIds = cellsOf(batch, 'reservations', 'warehouse_id');
  const sums = new Map<string, Reserved>();
  for (const [index, quantity] of cellsOf(batch, 'reservations', 'quantity').entries()) {
    const [skuId = '', warehouseId = ''] = [skuIds[index], warehouseIds[index]];
    const key = `${skuId} ${warehouseId}`;
    const sum = sums.get(key) ?? { skuId, warehouseId, units: 0 };
    sum.units += Number(quantity);
    sums.set(key, sum);
  }
  return [...sums.values()];
}

function tableOf(batch: Batch, name: string): NonNullable<ReturnType<Batch['get']>> {
  const table = batch.get(name);
  if (table === undefined) throw new Error(`the product wrote nothing into ${name}`);
  return table;
}

function cellsOf(batch: Batch, table: string, column: string): string[] {
  const { columns, values } = tableOf(batch, table);
  const cells = values[columns.findIndex(({ name }) => name === column)] ?? [];
  return cells.map((cell) => cell ?? '');
}

const names = new Map<string, string>();

/** One prepared statement a text. */
function nameOf(text: string): string {
  const known = names.get(text) ?? `ceiling_${names.size}`;
  names.set(text, known);
  return known;
}
