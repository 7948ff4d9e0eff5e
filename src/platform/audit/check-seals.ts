import { sql } from 'drizzle-orm';
import { firstRow, rows, type AnyDb, type Database } from '../db/index.ts';
import type { KeptHead } from './kept-heads.ts';
import { diagnoseSeal, type SealedRow, type SealFault } from './diagnose-seal.ts';
import { chainStart, sealedColumns, sealOf, type ChainHead, type SealKey } from './seal-rows.ts';

export type BrokenSeal = {
  /** `tail_cut`: rows that were sealed once are gone; `rewritten`: a head kept outside says that another row stood here. */
  readonly fault: SealFault | 'tail_cut' | 'rewritten';
  readonly position: number;
  /** Null where there is no row to name. */
  readonly entryId: string | null;
  readonly at: Date | null;
  readonly action: string | null;
  readonly detail: string;
};

export type SealReport = {
  readonly isIntact: boolean;
  /** Rows whose seal was recomputed and fits. */
  readonly checked: number;
  readonly headPosition: number;
  readonly broken: BrokenSeal | null;
  /** Heads kept outside the database that were compared. */
  readonly headsCompared: number;
  readonly unsealed: number;
  readonly unsealedSince: Date | null;
};

const pageSize = 1_000;

/**
 * Walks the whole chain on one snapshot, a page at a time, and names the first row that does not fit. `kept` are heads
 * from outside the database, by position: a tail that was cut off leaves no trace in the chain itself.
 */
export async function checkSeals(
  database: Pick<Database, 'snapshot'>,
  key: SealKey,
  kept: readonly KeptHead[],
): Promise<SealReport> {
  return database.snapshot(async (db) => {
    const { unsealed, unsealedSince } = await readUnsealed(db);
    const heads = new Map(kept.map((head) => [head.position, head]));
    let head = chainStart;
    let broken: BrokenSeal | null = null;
    for (
      let page = await readPage(db, 0);
      page.length > 0 && broken === null;
      page = await readPage(db, head.position)
    ) {
      const walked = walk(key, head, page, heads);
      ({ head, broken } = walked);
    }
    broken ??= cutTail(head, kept);
    return {
      isIntact: broken === null,
      checked: head.position,
      headPosition: head.position,
      broken,
      headsCompared: kept.filter(({ position }) => position <= head.position).length,
      unsealed,
      unsealedSince,
    };
  });
}

function walk(
  key: SealKey,
  from: ChainHead,
  page: readonly SealedRow[],
  heads: ReadonlyMap<number, KeptHead>,
): { head: ChainHead; broken: BrokenSeal | null } {
  let head = from;
  for (const [index, row] of page.entries()) {
    const position = head.position + 1;
    const expected = sealOf(key, position, head.seal, row);
    if (row.position !== position || Buffer.compare(expected, row.seal) !== 0) {
      const fault = diagnoseSeal(key, head, row, page.slice(index + 1));
      return { head, broken: brokenAt(row, fault, details[fault]) };
    }
    const kept = heads.get(position);
    if (kept !== undefined && kept.seal !== Buffer.from(row.seal).toString('hex')) {
      const detail = `the head kept outside on ${kept.at} is another: the chain was written anew with the same key`;
      return { head, broken: brokenAt(row, 'rewritten', detail) };
    }
    head = { position, seal: row.seal };
  }
  return { head, broken: null };
}

const details: Readonly<Record<SealFault, string>> = {
  changed: 'this row or its seal was changed after it had been sealed',
  deleted: 'a sealed row before this one is gone',
  inserted: 'this row was put between two sealed rows',
  reordered: 'this row was sealed at another place of the chain',
  wrong_key: 'no seal fits this master key: is WHARF_MASTER_KEY the one of this database?',
};

function brokenAt(row: SealedRow, fault: BrokenSeal['fault'], detail: string): BrokenSeal {
  return { fault, position: row.position, entryId: row.id, at: row.at, action: row.action, detail };
}

function cutTail(head: ChainHead, kept: readonly KeptHead[]): BrokenSeal | null {
  const furthest = kept.reduce<KeptHead | null>(
    (found, each) => (each.position > (found?.position ?? 0) ? each : found),
    null,
  );
  if (furthest === null || furthest.position <= head.position) return null;
  const detail = `rows up to ${furthest.position} were sealed by ${furthest.at}; the chain ends at ${head.position}`;
  return { fault: 'tail_cut', position: head.position + 1, entryId: null, at: null, action: null, detail };
}

function readPage(db: AnyDb, after: number): Promise<SealedRow[]> {
  return rows<SealedRow>(
    db,
    sql`select ${sealedColumns}, seal_position as position, seal from audit_entries
        where seal_position > ${after} order by seal_position limit ${pageSize}`,
  );
}

export type Unsealed = { readonly unsealed: number; readonly unsealedSince: Date | null };

/** Rows that wait for their seal; the index of unsealed rows holds no others. */
export async function readUnsealed(db: AnyDb): Promise<Unsealed> {
  const found = await firstRow<Unsealed>(
    db,
    sql`select count(*) as unsealed, min(at) as "unsealedSince" from audit_entries where seal_position is null`,
  );
  return found ?? { unsealed: 0, unsealedSince: null };
}
