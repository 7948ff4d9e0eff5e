import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, expect, inject, test } from 'vitest';
import { loadEnv } from '../../../config/env.ts';
import { useDatabase } from '../../../test/support/database.ts';
import { connectPaper, paperDeps } from '../../../test/support/paper-channel.ts';
import { quietLog } from '../../../test/support/quiet-log.ts';
import { backlogSchedule, runDoctor, type DoctorReport } from '../../doctor/index.ts';
import { newId } from '../../kernel/index.ts';
import { openKeyring } from '../../platform/crypto/index.ts';
import { rows } from '../../platform/db/index.ts';
import type { Lease } from '../../platform/queue/index.ts';
import { doctorChecks } from './doctor-checks.ts';
import { openSubject } from './open-subject.ts';

const database = useDatabase();
const varDir = mkdtempSync(join(tmpdir(), 'wharf-doctor-'));
const masterKey = randomBytes(32);

afterAll(() => rmSync(varDir, { recursive: true, force: true }));

async function examine(environment: Record<string, string>): Promise<DoctorReport> {
  const subject = await openSubject(loadEnv({ WHARF_VAR_DIR: varDir, ...environment }), quietLog);
  try {
    const { connectors } = paperDeps(database);
    return await runDoctor(doctorChecks({ ...subject, deps: { ...subject.deps, connectors } }));
  } finally {
    await subject.close();
  }
}

const verdicts = ({ lines }: DoctorReport): Record<string, string> =>
  Object.fromEntries(lines.map(({ name, verdict }) => [name, verdict]));
const found = ({ lines }: DoctorReport, name: string): string[] =>
  lines.find((line) => line.name === name)?.findings.map((finding) => `${finding.subject ?? '-'}: ${finding.found}`) ??
  [];

const lease: Lease = {
  lane: 'cron:backlog',
  token: '',
  signal: new AbortController().signal,
  stillHeld: async () => undefined,
  guard: async () => undefined,
};

test('a hub with a shop: the doctor sees what is well and what is stuck, and says the next step', async () => {
  const keyring = openKeyring({ masterKey });
  const { shopId } = await database.run((ctx) => connectPaper(ctx, { ...paperDeps(database), keyring }));
  await database.run(async (ctx) => {
    const at = new Date(ctx.now.getTime() - 1_800_000);
    for (const state of ['pending', 'parked']) {
      await rows(
        ctx.tx,
        sql`insert into inbox_events (id, shop_id, source, topic, external_id, dedupe_key, state, content_hash, cause,
                                      read_started_at, received_at, due_at)
            values (${newId()}, ${shopId}, 'poll', 'order', 'o1', ${state}, ${state}, ${new Uint8Array(32)},
                    '{"code":"channel.unknown_code"}'::jsonb, ${at}, ${at}, ${at})`,
      );
    }
  });
  await backlogSchedule({ database }).run(lease, new Date());
  const report = await examine({
    DATABASE_URL: database.url,
    ...(database.readUrl === null ? {} : { DATABASE_READ_URL: database.readUrl }),
    WHARF_MASTER_KEY: masterKey.toString('base64'),
  });
  expect(verdicts(report)).toMatchObject({
    database: 'ok',
    migrations: 'ok',
    roles: database.readUrl === null ? 'warn' : 'ok',
    clock: 'ok',
    queue: 'ok',
    master_key: 'ok',
    certificates: 'warn',
    workers: 'ok',
    shops: 'warn',
    backlog: 'warn',
    unknown_writes: 'ok',
    parked: 'warn',
    exceptions: 'ok',
    unmapped: 'ok',
    audit_seals: 'ok',
    backups: 'warn',
  });
  expect(found(report, 'master_key')).toEqual(['-: WHARF_MASTER_KEY: opens the credentials of 1 shop']);
  expect(found(report, 'backlog')).toEqual(
    expect.arrayContaining([expect.stringMatching(/^inbox: 1 wait, the oldest for 30 min/)]),
  );
  expect(found(report, 'parked')).toEqual([expect.stringMatching(/^channel\.unknown_code: 1 message/)]);
  const steps = report.lines.flatMap(({ findings }) => findings.flatMap(({ nextStep }) => nextStep ?? []));
  expect(steps).toContain('Fix the cause, then: wharf replay --state parked --cause channel.unknown_code');
  expect(JSON.stringify(report)).not.toContain(masterKey.toString('base64'));
});

test('another master key is told apart from the one that sealed the credentials', async () => {
  const report = await examine({ DATABASE_URL: database.url, WHARF_MASTER_KEY: randomBytes(32).toString('base64') });
  expect(verdicts(report)['master_key']).toBe('bad');
  expect(found(report, 'master_key')).toEqual([expect.stringContaining('crypto.wrong_key')]);
});

test('a live Redis is asked what it is, how it is set, and what waits in it', async ({ skip }) => {
  const { redisUrl } = inject('servers');
  if (redisUrl === null) return skip('only a run on servers has a Redis');
  const report = await examine({
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl,
    WHARF_MASTER_KEY: masterKey.toString('base64'),
  });
  expect(found(report, 'queue')).toEqual([
    expect.stringMatching(/^-: Redis [67]\.\d+\.\d+, noeviction, [\d.]+ [KM]iB used, nothing waits in it$/),
  ]);
  expect(verdicts(report)).toMatchObject({ queue: 'ok', database: 'ok' });
});

test('where there is no hub yet, the doctor says so and makes none', async () => {
  const empty = join(varDir, 'empty');
  const report = await examine({ WHARF_VAR_DIR: empty });
  expect(verdicts(report)).toMatchObject({ database: 'bad', migrations: 'unknown', workers: 'unknown' });
  expect(report.lines[0]?.findings).toEqual([
    {
      verdict: 'bad',
      subject: null,
      found: 'there is no database here yet',
      nextStep: expect.stringContaining('npm start'),
    },
  ]);
  const made = ['postgres/data', 'master.key', 'backups'].filter((name) => existsSync(join(empty, name)));
  expect(made).toEqual([]);
});

test('while the database and Redis are away, everything else is still looked at', async () => {
  const report = await examine({
    DATABASE_URL: 'postgres://wharf:hunter2@127.0.0.1:1/wharf',
    REDIS_URL: 'redis://127.0.0.1:1',
  });
  expect(verdicts(report)).toMatchObject({
    database: 'bad',
    migrations: 'unknown',
    clock: 'unknown',
    queue: 'bad',
    disk: 'ok',
    master_key: 'warn',
    shops: 'unknown',
    backups: 'unknown',
  });
  expect(report.verdict).toBe('bad');
  expect(found(report, 'shops')).toEqual(['-: needs the database, which is away']);
  expect(report.lines[0]?.findings[0]?.nextStep).toContain('DATABASE_URL');
  expect(JSON.stringify(report)).not.toContain('hunter2');
});
