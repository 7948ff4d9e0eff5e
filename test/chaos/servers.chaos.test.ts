import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../../src/platform/db/index.ts';
import { administer } from '../support/database.ts';
import { figures, tellFigure } from '../support/figures.ts';
import { openCanary, type Canary } from './canary.ts';
import { canMountDisk, fillDisk } from './fill-disk.ts';
import { finalChecks } from './final-checks.ts';
import { openMarket, type Market } from './market.ts';
import { openHarbour, type Harbour } from './open-harbour.ts';
import { countAnswers, orderFlow, pause, until } from './order-flow.ts';

const diskMb = 1_024;
const testTimeoutMs = 900_000;

describe('Redis and PostgreSQL fail under 30 orders a second', () => {
  let harbour: Harbour;
  let market: Market;
  let canary: Canary;
  let hasDisk = false;
  const played: string[] = [];

  beforeAll(async () => {
    hasDisk = await canMountDisk();
    harbour = await openHarbour({ workers: [{}, {}], ...(hasDisk && { diskMb }) });
    market = openMarket(harbour, 2);
    canary = await openCanary(harbour.database);
  });
  afterAll(() => harbour?.close());

  it('Redis loses every job, and orders go on', { timeout: testTimeoutMs }, async () => {
    for (let times = 0; times < 3; times += 1) {
      await harbour.redis.command('FLUSHALL');
      await orderFlow(harbour, 'after FLUSHALL');
    }
    played.push('Redis flushed 3 times');
  });

  it('Redis is killed and comes back, and orders go on', { timeout: testTimeoutMs }, async () => {
    await harbour.redis.kill();
    await harbour.redis.start();
    await orderFlow(harbour, 'after Redis was killed');
    played.push('killed');
  });

  it('Redis is full and refuses every ring, and orders go on', { timeout: testTimeoutMs }, async () => {
    const { redis } = harbour;
    await redis.command('CONFIG', 'SET', 'maxmemory', '1mb');
    await expect(redis.command('SET', 'anything', 'x')).rejects.toThrow(/OOM/);
    await orderFlow(harbour, 'while Redis is full');
    await redis.command('CONFIG', 'SET', 'maxmemory', '0');
    played.push('full');
  });

  it('Redis is away for long, and orders go on', { timeout: testTimeoutMs }, async () => {
    await harbour.redis.kill();
    const awayMs = performance.now();
    await orderFlow(harbour, 'while Redis is away');
    await pause(figures.redisAwaySeconds * 1_000 - (performance.now() - awayMs));
    const seconds = (performance.now() - awayMs) / 1_000;
    expect(seconds).toBeGreaterThanOrEqual(figures.redisAwaySeconds - 1);
    await harbour.redis.start();
    await orderFlow(harbour, 'after Redis came back');
    played.push(`away ${seconds.toFixed(0)} s`);
  });

  it('backends die inside transactions, and orders go on', { timeout: testTimeoutMs }, async () => {
    const adminUrl = harbour.postgres.url('wharf_chaos');
    let terminated = 0;
    while (terminated < figures.terminatedBackends) {
      terminated += await terminateOne(harbour, adminUrl);
      await pause(30);
    }
    await orderFlow(harbour, 'after backends were terminated');
    played.push(`${terminated} backends terminated inside transactions`);
  });

  it('PostgreSQL is killed and recovers', { timeout: testTimeoutMs }, async () => {
    let killed = 0;
    for (; killed < figures.postgresKills; killed += 1) {
      await harbour.postgres.end(killed % 2 === 0 ? 'SIGKILL' : 'SIGQUIT');
      await pause(500 + Math.random() * 2_000);
      await harbour.postgres.start();
      await orderFlow(harbour, 'after PostgreSQL was killed');
    }
    played.push(`PostgreSQL killed ${killed} times`);
  });

  it('the disk of PostgreSQL is full and is freed', { timeout: testTimeoutMs }, async () => {
    if (!hasDisk) return;
    const refused = (): number => countAnswers(harbour, 503);
    const before = refused();
    const free = await fillDisk(harbour.postgres.folder);
    try {
      await until('webhooks answered 503', async () => (refused() >= before + 10 ? true : null));
    } finally {
      free();
    }
    // Where the write-ahead log had no room left, PostgreSQL has stopped itself: it is started again, as a supervisor does.
    await harbour.postgres.revive();
    await orderFlow(harbour, 'after the disk was freed');
    played.push(`disk full, ${refused() - before} webhooks answered 503`);
  });

  it('and nothing is lost, half or double', { timeout: testTimeoutMs }, async () => {
    const { line } = await finalChecks(harbour, market, canary);
    await tellFigure('process chaos: Redis and PostgreSQL', `${played.join(', ')}; ${line}`);
  });
});

/** One backend of the hub that is inside a transaction at this moment; 0 when none is. */
async function terminateOne({ database }: Harbour, adminUrl: string): Promise<number> {
  const inside = await database
    .read((db) =>
      rows<{ pid: number }>(
        db,
        sql`select pid from pg_stat_activity where application_name = 'wharf-write' and backend_xid is not null
            order by random() limit 1`,
      ),
    )
    .catch(() => []);
  const pid = inside[0]?.pid;
  if (pid === undefined) return 0;
  return administer(adminUrl, `select pg_terminate_backend(${pid})`).then(
    () => 1,
    () => 0,
  );
}
