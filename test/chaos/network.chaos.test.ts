import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rows } from '../../src/platform/db/index.ts';
import { tellFigure } from '../support/figures.ts';
import { openCanary, type Canary } from './canary.ts';
import { finalChecks } from './final-checks.ts';
import { openIsland, type Island } from './island.ts';
import { openMarket, type Market } from './market.ts';
import { findFaketime, notice } from './notice.ts';
import { openHarbour, type Harbour } from './open-harbour.ts';
import { countAnswers, orderFlow, pause, until } from './order-flow.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const testTimeoutMs = 900_000;
/** Leases last 30 s. */
const pastTheLeaseMs = 33_000;
const shopDelayMs = 150;
const shifts = ['+1h', '-1h'] as const;

describe('a network that lies, workers that sleep and clocks that are wrong, under 30 orders a second', () => {
  let harbour: Harbour;
  let market: Market;
  let canary: Canary;
  let island: Island | null = null;
  let faketime: string | null = null;
  let toPostgres: TcpProxy;
  let toRedis: TcpProxy;
  const played: string[] = [];
  const shopWires = (): TcpProxy[] => harbour.stalls.flatMap(({ proxy }) => proxy ?? []);

  beforeAll(async () => {
    island = await openIsland();
    faketime = await findFaketime();
    if (faketime === null) notice('clocks are shifted by libfaketime, of the Debian package faketime');
    const library = faketime;
    const host = island?.host ?? '127.0.0.1';
    harbour = await openHarbour({
      workers: [
        island === null ? {} : { through: island.through },
        ...shifts.map((shift) => (library === null ? {} : { environment: shifted(library, shift) })),
      ],
      async wire({ postgres, redis }) {
        toPostgres = await openTcpProxy({ host: '127.0.0.1', port: postgres }, host);
        toRedis = await openTcpProxy({ host: '127.0.0.1', port: redis }, host);
        return { postgres: toPostgres, redis: toRedis };
      },
      shopProxy: (port) => openTcpProxy({ host: '127.0.0.1', port }, host),
    });
    market = openMarket(harbour, 3);
    canary = await openCanary(harbour.database);
  });
  afterAll(async () => {
    await harbour?.close();
    await Promise.all([toPostgres?.close(), toRedis?.close(), island?.close()]);
  });

  it(
    'one worker is cut off, one sleeps past its lease, and the third goes on',
    { timeout: testTimeoutMs },
    async () => {
      const sleeper = harbour.workers[1];
      if (sleeper === undefined) throw new Error('no worker');
      await island?.cut();
      process.kill(sleeper.pid(), 'SIGSTOP');
      try {
        await pause(pastTheLeaseMs);
        await orderFlow(harbour, 'while one worker is left');
      } finally {
        process.kill(sleeper.pid(), 'SIGCONT');
        await island?.join();
      }
      await orderFlow(harbour, 'after it woke');
      played.push(`a worker stopped for ${pastTheLeaseMs / 1_000} s`);
      if (island !== null) played.push('another cut off meanwhile');
    },
  );

  it('what the hub wrote is dated by the clock of PostgreSQL', async () => {
    if (faketime === null) return;
    expect(await findStrangeTimes(harbour)).toEqual([]);
    played.push(`clocks ${shifts.join(' and ')}`);
  });

  it('connections to PostgreSQL and Redis fall silent, and the hub recovers', { timeout: testTimeoutMs }, async () => {
    const silent = toPostgres.forget() + toRedis.forget();
    expect(silent).toBeGreaterThan(10);
    const before = countAnswers(harbour, 202);
    await orderFlow(harbour, 'after connections to PostgreSQL fell silent');
    await until('webhooks to be taken again', async () => (countAnswers(harbour, 202) > before + 20 ? true : null));
    played.push(`${silent} connections to servers silent`);
  });

  it('connections to PostgreSQL are cut and slow', { timeout: testTimeoutMs }, async () => {
    toPostgres.delay(5);
    const cuts = [toPostgres.cut()];
    await orderFlow(harbour, 'over a slow wire');
    cuts.push(toPostgres.cut());
    toPostgres.delay(0);
    await orderFlow(harbour, 'after connections were cut');
    played.push(`${cuts[0]} and ${cuts[1]} cut`);
  });

  it('calls to the shops fall silent, are slow and are cut', { timeout: testTimeoutMs }, async () => {
    const wires = shopWires();
    for (const wire of wires) wire.delay(shopDelayMs);
    let harmed = 0;
    for (let round = 0; round < 6; round += 1) {
      await pause(700);
      for (const wire of wires) harmed += round % 3 === 0 ? wire.forget() : wire.cut();
    }
    for (const wire of wires) wire.delay(0);
    expect(harmed).toBeGreaterThan(0);
    await orderFlow(harbour, 'after calls to the shops failed');
    played.push(`${harmed} calls to shops silent or cut`);
  });

  it('and nothing is lost, half or double', { timeout: testTimeoutMs }, async () => {
    const { line } = await finalChecks(harbour, market, canary);
    await tellFigure('process chaos: network, sleep and clocks', `${played.join(', ')}; ${line}`);
  });
});

/** Only the wall clock: what a machine with a wrong time has. */
function shifted(library: string, shift: string): Record<string, string> {
  return { LD_PRELOAD: library, FAKETIME: shift, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

/** Times of the hub's own that lie a minute or more away from the run. */
async function findStrangeTimes({ database }: Harbour): Promise<unknown[]> {
  return database.read((db) =>
    rows(
      db,
      sql`with written as (
            select 'inbox_events.received_at' as what, received_at as at from inbox_events
            union all select 'inbox_events.finished_at', finished_at from inbox_events
            union all select 'orders.created_at', created_at from orders
            union all select 'orders.updated_at', updated_at from orders
            union all select 'announcements.created_at', created_at from announcements
            union all select 'announcements.sent_at', sent_at from announcements
            union all select 'announcements.announced_at', announced_at from announcements
            union all select 'channel_requests.sent_at', sent_at from channel_requests
            union all select 'shipments.created_at', created_at from shipments
            union all select 'listings.told_at', told_at from listings
            union all select 'listings.seen_at', seen_at from listings
            union all select 'shop_cursors.finished_at', finished_at from shop_cursors
            union all select 'lanes.leased_until', leased_until from lanes
          )
          select what, min(at) as first, max(at) as last from written where at is not null
          group by what
          having max(at) > clock_timestamp() + interval '1 minute' or min(at) < clock_timestamp() - interval '50 minutes'`,
    ),
  );
}
