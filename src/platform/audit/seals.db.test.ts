import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type SQL } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../../test/support/database.ts';
import { recordingLog } from '../../../test/support/quiet-log.ts';
import { openKeyring } from '../crypto/index.ts';
import { firstRow, rows, type Ctx } from '../db/index.ts';
import type { Lease } from '../queue/index.ts';
import { checkSeals, forgetHeads, keepHead, readKeptHeads, sealLane, sealRows, writeAudit } from './index.ts';

const database = useDatabase();
const keyring = openKeyring({ masterKey: randomBytes(32) });
const headsFile = join(mkdtempSync(join(tmpdir(), 'wharf-seals-')), 'heads', 'wharf.jsonl');
const check = () => checkSeals(database, keyring, []);
const rowCount = 30;

afterAll(() => rmSync(join(headsFile, '../..'), { recursive: true, force: true }));

async function write(count: number): Promise<void> {
  await database.run(async (ctx) => {
    for (let each = 0; each < count; each += 1) {
      const data = { each, name: `größe ${each}`, when: new Date(0), big: 9_007_199_254_740_991 };
      await writeAudit(ctx, { action: 'stock.counted', subjectKind: 'sku', subjectId: `s${each}`, data });
    }
  });
}

class RolledBack extends Error {}

/** What the check says of a chain that somebody with the database's password has changed. */
async function tampered(...statements: SQL[]) {
  let report: Awaited<ReturnType<typeof checkSeals>> | null = null;
  const act = database.run(async (ctx) => {
    for (const statement of statements) await rows(ctx.tx, statement);
    report = await checkSeals({ snapshot: (work) => work(ctx.tx) }, keyring, []);
    throw new RolledBack();
  });
  await expect(act).rejects.toThrow(RolledBack);
  return report;
}

const at = (position: number): SQL => sql`seal_position = ${position}`;

/** Moves all positions from `first` on by `by`, without a moment in which two rows have one. */
const shift = (first: number, by: number): SQL[] => [
  sql`update audit_entries set seal_position = -seal_position where seal_position >= ${first}`,
  sql`update audit_entries set seal_position = -seal_position + ${by} where seal_position < 0`,
];

beforeAll(async () => {
  await write(rowCount);
  const sealers = Array.from({ length: 8 }, () => database.run((ctx) => sealRows(ctx, keyring, 5)));
  const sealed = await Promise.all(sealers);
  expect(sealed.reduce((sum, batch) => sum + batch.sealed, 0)).toBe(rowCount);
});

describe('the chain of audit seals', () => {
  it('has no fork and no gap, though eight sealers worked at once', async () => {
    expect(await check()).toEqual({
      isIntact: true,
      checked: rowCount,
      headPosition: rowCount,
      broken: null,
      headsCompared: 0,
      unsealed: 0,
      unsealedSince: null,
    });
  });

  it('says how many rows are not sealed yet, and since when', async () => {
    await write(2);
    const report = await check();
    expect(report).toMatchObject({ isIntact: true, checked: rowCount, unsealed: 2 });
    expect(report.unsealedSince).toBeInstanceOf(Date);
    await database.run((ctx) => rows(ctx.tx, sql`delete from audit_entries where seal_position is null`));
  });

  it('does not mind what the database does to the spelling of the data', async () => {
    const respelt = sql`update audit_entries set data = (data::text || ' ')::jsonb`;
    expect(await tampered(respelt)).toMatchObject({ isIntact: true });
  });
});

describe('what is found', () => {
  it.each([
    ['changed data', sql`update audit_entries set data = data || '{"each": 99}' where ${at(7)}`],
    ['another actor', sql`update audit_entries set actor_id = 'nobody' where ${at(7)}`],
    ['a moved time', sql`update audit_entries set at = at + interval '1 millisecond' where ${at(7)}`],
    ['another seal', sql`update audit_entries set seal = decode(repeat('00', 32), 'hex') where ${at(7)}`],
  ])('%s', async (_what, statement) => {
    expect(await tampered(statement)).toMatchObject({
      isIntact: false,
      checked: 6,
      broken: { fault: 'changed', position: 7, action: 'stock.counted' },
    });
  });

  it('a changed last row', async () => {
    const report = await tampered(sql`update audit_entries set subject_id = 'x' where ${at(rowCount)}`);
    expect(report).toMatchObject({ broken: { fault: 'changed', position: rowCount } });
  });

  it('a deleted row, by the gap', async () => {
    const report = await tampered(sql`delete from audit_entries where ${at(12)}`);
    expect(report).toMatchObject({ checked: 11, broken: { fault: 'deleted', position: 13 } });
  });

  it('a deleted row whose gap was closed', async () => {
    const report = await tampered(sql`delete from audit_entries where ${at(12)}`, ...shift(13, -1));
    expect(report).toMatchObject({ checked: 11, broken: { fault: 'deleted', position: 12 } });
  });

  it('an inserted row', async () => {
    const forged = sql`insert into audit_entries (id, at, actor_kind, actor_id, action, subject_kind, data, seal_position, seal)
      select gen_random_uuid(), at, actor_kind, actor_id, action, subject_kind, data, 10, seal from audit_entries where ${at(9)}`;
    const report = await tampered(...shift(10, 1), forged);
    expect(report).toMatchObject({ checked: 9, broken: { fault: 'inserted', position: 10 } });
  });

  it('two rows that changed places', async () => {
    const swap = [
      sql`update audit_entries set seal_position = -1 where ${at(5)}`,
      sql`update audit_entries set seal_position = 5 where ${at(6)}`,
      sql`update audit_entries set seal_position = 6 where ${at(-1)}`,
    ];
    expect(await tampered(...swap)).toMatchObject({ checked: 4, broken: { fault: 'reordered', position: 5 } });
  });

  it('another master key', async () => {
    const other = openKeyring({ masterKey: randomBytes(32) });
    expect(await checkSeals(database, other, [])).toMatchObject({ checked: 0, broken: { fault: 'wrong_key' } });
  });

  it('a seal without a position is refused by the database', async () => {
    const act = database.run((ctx) => rows(ctx.tx, sql`update audit_entries set seal = null where ${at(3)}`));
    await expect(act).rejects.toMatchObject({ constraint: 'audit_entries_sealed_wholly' });
  });
});

/** A lease that nobody contests. */
const lease: Lease = {
  lane: 'audit',
  token: '',
  signal: new AbortController().signal,
  stillHeld: async () => undefined,
  guard: async (_ctx: Ctx) => undefined,
};

describe('the sealer', () => {
  it('seals what has waited, keeps the head outside, and so finds a tail that was cut off', async () => {
    const log = recordingLog();
    const lane = sealLane({ database, keyring, log, headsFile });
    await write(3);
    const due = (afterMs: number) => database.run((ctx) => lane.due(ctx.tx, new Date(ctx.now.getTime() + afterMs)));
    expect(await due(0)).toEqual([]);
    expect(await due(6_000)).toEqual(['audit']);
    expect(await lane.drain('audit', lease)).toBe('empty');
    expect(await due(6_000)).toEqual([]);
    const kept = await readKeptHeads(headsFile);
    expect(kept).toMatchObject([{ position: rowCount + 3 }]);
    expect(log.lines).toContainEqual(expect.objectContaining({ fields: expect.objectContaining({ position: 33 }) }));
    expect(await checkSeals(database, keyring, kept)).toMatchObject({ isIntact: true, headsCompared: 1 });

    await database.run((ctx) => rows(ctx.tx, sql`delete from audit_entries where seal_position > ${rowCount}`));
    expect(await check()).toMatchObject({ isIntact: true });
    expect(await checkSeals(database, keyring, kept)).toMatchObject({
      isIntact: false,
      checked: rowCount,
      broken: { fault: 'tail_cut', position: rowCount + 1, entryId: null },
    });

    await write(4);
    await lane.drain('audit', lease);
    expect(await checkSeals(database, keyring, kept)).toMatchObject({ broken: { fault: 'rewritten', position: 33 } });
    await forgetHeads(headsFile, { reason: 'restored to yesterday', keptSince: null, now: new Date() });
    expect(await checkSeals(database, keyring, await readKeptHeads(headsFile))).toMatchObject({ isIntact: true });
  });

  it('a restore takes back the heads that were kept since its backup, and no older one', async () => {
    const file = `${headsFile}.restored`;
    const seal = Buffer.from('ab', 'hex');
    const hour = (hours: number): Date => new Date(Date.UTC(2026, 10, 1, hours));
    for (const position of [1, 2, 3]) await keepHead(file, { position, seal }, hour(position));
    await forgetHeads(file, { reason: 'restored from a backup', keptSince: hour(2), now: hour(4) });
    await keepHead(file, { position: 2, seal }, hour(5));
    expect((await readKeptHeads(file)).map(({ position, at: keptAt }) => [position, keptAt])).toEqual([
      [1, hour(1).toISOString()],
      [2, hour(5).toISOString()],
    ]);
  });

  it('a long file of heads keeps its newest lines, and a line cut short by a crash is skipped', async () => {
    const { seal } = (await database.run((ctx) =>
      firstRow<{ seal: Uint8Array }>(ctx.tx, sql`select seal from audit_entries where ${at(1)}`),
    )) ?? { seal: new Uint8Array() };
    const file = `${headsFile}.long`;
    const text = (position: number) => JSON.stringify({ position, seal: 'ab', at: '2026-11-01T00:00:00.000Z' });
    writeFileSync(file, `${Array.from({ length: 2_000 }, (_, index) => text(index + 1)).join('\n')}\n`);
    await keepHead(file, { position: 2_001, seal }, new Date(0));
    appendFileSync(file, '{"position":2002,"se');
    const kept = await readKeptHeads(file);
    expect(kept).toHaveLength(1_000);
    expect(kept.at(-1)).toEqual({
      position: 2_001,
      seal: Buffer.from(seal).toString('hex'),
      at: '1970-01-01T00:00:00.000Z',
    });
  });
});
