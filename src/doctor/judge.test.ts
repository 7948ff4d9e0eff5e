import { describe, expect, test } from 'vitest';
import { newId, type ShopId } from '../kernel/index.ts';
import type { LaneRow } from '../platform/queue/index.ts';
import { judgeBackup } from './checks/backups.ts';
import { judgeCertificate } from './checks/certificates.ts';
import { judgeClock, judgeServer } from './checks/database.ts';
import { judgeSpace } from './checks/disk.ts';
import { judgeOpened } from './checks/master-key.ts';
import { judgeQueue } from './checks/queue.ts';
import { judgeShop } from './checks/shops.ts';
import { judgeUnknown, judgeUnmapped } from './checks/stuck.ts';
import { judgeBacklog, judgeLanes } from './checks/work.ts';
import type { Finding } from './finding.ts';
import type { ShopFigures } from './queries.ts';

const now = new Date('2026-11-01T12:00:00Z');
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1_000);
const day = 86_400;
const seen = (findings: Finding | readonly Finding[]): string[] =>
  [findings].flat().map(({ verdict, found }) => `${verdict}: ${found}`);

const server = {
  versionNumber: 150_004,
  version: '15.4',
  now,
  connections: 20,
  connectionsMax: 100,
  oldestTransactionSeconds: 2,
  user: 'wharf',
  isReadOnly: false,
  sizeBytes: 5 * 1024 ** 3,
  dataDirectory: null,
};

const shop: ShopFigures = {
  shopId: newId<'shop'>() as ShopId,
  name: 'Corner',
  channel: 'sandbox',
  state: 'active',
  pushesStock: true,
  settings: {},
  failures: 0,
  lastFault: null,
  lastFaultAt: null,
  lastCallAt: ago(10),
  pausedUntil: null,
  webhooksAt: ago(100),
  pending: 0,
  oldestPendingAt: null,
  parked: 0,
  untold: 0,
  oldestUntoldAt: null,
  unknownWrites: 0,
  oldestUnknownAt: null,
};
const ways = { canRegister: () => true, publicUrl: null };

const lane: LaneRow = {
  name: 'inbound',
  isHeld: false,
  leasedUntil: null,
  drainedAt: ago(300),
  isPaused: false,
  failures: 0,
  retryAt: null,
  lastError: null,
  lastErrorAt: null,
};

const redis = {
  backend: 'redis',
  waiting: 0,
  version: '7.0.15',
  policy: 'noeviction',
  memoryBytes: 60,
  memoryMaxBytes: 100,
  hasAof: true,
} as const;

describe('what is well is ok, and what is not has a verdict and a next step', () => {
  test.each<[string, Finding | readonly Finding[], string[]]>([
    ['a server', judgeServer(server), ['ok: version 15.4, 5.0 GiB, 20 of 100 connections are used']],
    ['an old one', judgeServer({ ...server, versionNumber: 140_009, version: '14.9' }), ['bad: is version 14.9']],
    ['a full one', judgeServer({ ...server, connections: 96 }), ['bad: 96 of 100 connections are used']],
    ['a nearly full one', judgeServer({ ...server, connections: 80 }), ['warn: 80 of 100 connections are used']],
    [
      'one with a forgotten transaction',
      judgeServer({ ...server, oldestTransactionSeconds: 700 }),
      ['warn: a transaction has been open for 12 min'],
    ],
    ['clocks', judgeClock(-40), ["ok: the database's clock and ours differ by 40 ms"]],
    ['a slow clock', judgeClock(-5_000), ["warn: the database's clock is 5 s behind ours"]],
    ['a wrong clock', judgeClock(3_600_000), ["bad: the database's clock is 60 min ahead of ours"]],
    ['space', judgeSpace('var', '/var', 6 * 1024 ** 3), ['ok: 6.0 GiB free at /var']],
    ['little space', judgeSpace('var', '/var', 2 * 1024 ** 3), ['warn: 2.0 GiB free at /var']],
    ['no space', judgeSpace('var', '/var', 512 * 1024 ** 2), ['bad: 512 MiB free at /var']],
    ['a queue', judgeQueue({ backend: 'postgres', waiting: 2 }), ['ok: in PostgreSQL, 2 calls to work wait']],
    ['Redis', judgeQueue(redis), ['ok: Redis 7.0.15, noeviction, 60 B used, nothing waits in it']],
    ['old Redis', judgeQueue({ ...redis, version: '6.0.16' }), ['bad: is Redis 6.0.16']],
    [
      'Redis that evicts and forgets',
      judgeQueue({ ...redis, policy: 'allkeys-lru', hasAof: false, waiting: null }),
      [
        'bad: evicts jobs: maxmemory-policy is allkeys-lru',
        'warn: keeps no append-only file: rings are lost with it, and sweeps find the work',
      ],
    ],
    ['Redis at 70 %', judgeQueue({ ...redis, memoryBytes: 70 }), ['warn: uses 70 % of its 100 B']],
    [
      'a certificate',
      judgeCertificate('Corner', 'shop.example', false, { validTo: ago(-60 * day), trustError: null }, now.getTime()),
      ['ok: the certificate of shop.example lasts 60 days'],
    ],
    [
      'one that ends soon',
      judgeCertificate('Corner', 'shop.example', false, { validTo: ago(-10 * day), trustError: null }, now.getTime()),
      ['warn: the certificate of shop.example lasts 10 days'],
    ],
    [
      'one that ended',
      judgeCertificate('PUBLIC_URL', 'hub.example', true, { validTo: ago(3 * day), trustError: null }, now.getTime()),
      ['bad: the certificate of hub.example ended 3 d ago'],
    ],
    ['a shop', judgeShop(shop, ways, now), []],
    ['a paused one', judgeShop({ ...shop, state: 'paused' }, ways, now), ['warn: is paused: nothing is read or told']],
    [
      'one whose breaker is open',
      judgeShop(
        { ...shop, failures: 6, lastFault: 'unauthorised', lastFaultAt: ago(30), pausedUntil: ago(-90) },
        ways,
        now,
      ),
      ['bad: the breaker is open, next try in 90 s: 6 calls failed in a row, last by unauthorised 30 s ago'],
    ],
    [
      'one without webhooks that is told nothing',
      judgeShop({ ...shop, webhooksAt: null, pushesStock: false }, ways, now),
      ['warn: sends no webhooks: orders come only by polling', 'warn: is told no numbers'],
    ],
    ['one nobody calls', judgeShop({ ...shop, lastCallAt: ago(9_000) }, ways, now), ['warn: was last called 3 h ago']],
    [
      'a key that opens nothing',
      judgeOpened({ kind: 'env' }, [{ shop, session: null, code: 'crypto.wrong_key' }]),
      ['bad: does not open the credentials (crypto.wrong_key)'],
    ],
    [
      'no worker',
      judgeLanes({ now, madeAt: ago(9_000), sampledAt: ago(400), lanes: [lane] }),
      ['bad: nobody has worked for 5 min: no order is taken in, nothing is told'],
    ],
    [
      'no worker ever',
      judgeLanes({ now, madeAt: ago(130), sampledAt: null, lanes: [] }),
      ['bad: nobody has worked within a day: no order is taken in, nothing is told'],
    ],
    [
      'a database that has just been made',
      judgeLanes({ now, madeAt: ago(20), sampledAt: null, lanes: [] }),
      ['unknown: the database was made 20 s ago, and nobody has worked on it yet'],
    ],
    [
      'a worker without a sample yet',
      judgeLanes({ now, madeAt: ago(90_000), sampledAt: null, lanes: [{ ...lane, drainedAt: ago(2) }] }),
      ['ok: at work, last seen 2 s ago; 1 lane, none paused or failing'],
    ],
    [
      'lanes that fail or are paused',
      judgeLanes({
        now,
        madeAt: null,
        sampledAt: ago(5),
        lanes: [
          { ...lane, failures: 6, lastError: 'disk full' },
          { ...lane, name: 'invoicing', isPaused: true },
        ],
      }),
      ['bad: failed 6 times in a row: disk full', 'warn: is paused'],
    ],
    [
      'unknown writes',
      judgeUnknown({ ...shop, unknownWrites: 2, oldestUnknownAt: ago(20 * 60) }, now),
      [expect.stringMatching(/^warn: 2, the oldest sent 20 min ago/)],
    ],
    [
      'lines that wait for a mapping',
      judgeUnmapped({ listings: 3, waitingLines: 1 }),
      ['warn: 1 order line without a mapping, 3 listings on sale without one'],
    ],
    ['no backup', judgeBackup(null, now), ['warn: there is no good backup yet']],
    [
      'an old backup',
      judgeBackup({ startedAt: ago(5 * day), bytes: 2_048 }, now),
      ['bad: the last good one is 5 d old, 2.0 KiB'],
    ],
  ])('%s', (_what, findings, expected) => {
    expect(seen(findings)).toEqual(expected);
    const silent = [findings].flat().filter(({ verdict, nextStep }) => (verdict === 'ok') !== (nextStep === null));
    expect(silent).toEqual([]);
  });
});

describe('a backlog is judged by its pace', () => {
  const samples = [
    { work: 'inbox', at: ago(300), waiting: 1_000 },
    { work: 'inbox', at: ago(60), waiting: 900 },
    { work: 'stock', at: ago(300), waiting: 10 },
  ] as const;

  test('one that shrinks says when it will be empty', () => {
    const finding = judgeBacklog({ work: 'inbox', waiting: 500, oldestAt: ago(900) }, now, samples, 50);
    expect(seen(finding)).toEqual([
      'ok: 500 wait, the oldest for 15 min, 50 a minute came in, 150 a minute were drained, shrinking, empty in 5 min',
    ]);
  });

  test('one that grows and is late is bad', () => {
    const finding = judgeBacklog({ work: 'inbox', waiting: 2_000, oldestAt: ago(900) }, now, samples, 300);
    expect(seen(finding)).toEqual([
      'bad: 2000 wait, the oldest for 15 min, 300 a minute came in, 100 a minute were drained, growing for 60 s, never empty at this pace',
    ]);
  });

  test('one that is late though nobody knows its pace is a warning, and a young one is none', () => {
    expect(judgeBacklog({ work: 'requests', waiting: 5, oldestAt: ago(3_600) }, now, samples, null).verdict).toBe(
      'warn',
    );
    expect(judgeBacklog({ work: 'stock', waiting: 12, oldestAt: ago(20) }, now, samples, null).verdict).toBe('ok');
  });
});
