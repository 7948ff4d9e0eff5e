import { randomBytes } from 'node:crypto';
import { newId } from '../../../src/kernel/index.ts';
import type { Mold, MoldColumn, MoldTable } from './read-mold.ts';

type Cells = readonly (string | null)[];

/** One batch of the ceiling: the rows of a mold under ids and keys of their own, ready to be written. */
export type Batch = ReadonlyMap<string, { readonly columns: readonly MoldColumn[]; readonly values: readonly Cells[] }>;

/**
 * Casts a mold once more. Ids are new and ascend as the product's did; whatever an index sorts by is new, so that it costs the
 * same to insert: keys get the number of the copy, hashes are drawn anew, times move on.
 */
export function castBatch(mold: Mold, copy: number): Batch {
  const ids = newIds(mold);
  return new Map(
    mold.map(({ name, columns, values }) => [
      name,
      { columns, values: values.map((cells, index) => recast(cells, columns[index], ids, copy)) },
    ]),
  );
}

function newIds(mold: Mold): Map<string, string> {
  const old = mold.flatMap((table) => idsOf(table)).toSorted();
  return new Map(old.map((id) => [id, newId()]));
}

function idsOf({ columns, values }: MoldTable): string[] {
  const cells = values[columns.findIndex(({ name }) => name === 'id')] ?? [];
  return cells.filter((cell) => cell !== null);
}

function recast(cells: Cells, column: MoldColumn | undefined, ids: ReadonlyMap<string, string>, copy: number): Cells {
  if (column === undefined) return cells;
  if (column.type === 'uuid') return cells.map((cell) => (cell === null ? null : (ids.get(cell) ?? cell)));
  const again = column.isIndexed ? rekey[column.type.split('(')[0] ?? ''] : undefined;
  return again === undefined ? cells : cells.map((cell) => (cell === null ? null : again(cell, copy)));
}

const rekey: Readonly<Record<string, (cell: string, copy: number) => string>> = {
  text: (cell, copy) => `${cell}.${copy}`,
  bytea: (cell) => `\\x${randomBytes(cell.length / 2 - 1).toString('hex')}`,
  timestamp: (cell, copy) => new Date(Date.parse(cell) + copy * 60_000).toISOString(),
};
