import { backlogWindowMs, figuresKeptMs, figuresShopsMax } from '../../config/defaults.ts';
import { readUnsealed, readHead } from '../platform/audit/index.ts';
import { clockOf, type AnyDb, type Database } from '../platform/db/index.ts';
import { cached, labelledShopsMax, otherShops, type Gauge, type Sample } from '../platform/metrics/index.ts';
import { readWaiting, type Waiting } from './backlog.ts';
import { readSamples, type Sample as BacklogSample } from './read-samples.ts';
import { findTrend, type Trend } from './trend.ts';
import { countOpenExceptions, readShopFigures, type CountOfKind, type ShopFigures } from './queries.ts';

type Figures = {
  readonly now: Date;
  readonly shops: readonly ShopFigures[];
  readonly waiting: readonly Waiting[];
  readonly samples: readonly BacklogSample[];
  readonly exceptions: readonly CountOfKind[];
  readonly sealed: number;
  readonly unsealed: number;
  readonly unsealedSince: Date | null;
};

/**
 * What `/metrics` says of the database: seven statements at most every 5 s in a process, however many ask. The same in every
 * process: take the maximum over processes, never the sum.
 */
export function figureGauges(database: Database): Gauge[] {
  const figures = cached(() => readFigures(database), figuresKeptMs);
  const gauge = (
    name: string,
    help: string,
    labels: readonly string[],
    of: (found: Figures) => readonly Sample[],
  ): Gauge => ({
    name,
    help,
    labels,
    read: async () => of(await figures()),
  });
  const perShop = (name: string, help: string, countOf: (shop: ShopFigures) => number): Gauge =>
    gauge(name, help, ['shop'], ({ shops }) => byShop(shops, countOf, (a, b) => a + b));
  const agePerShop = (name: string, help: string, sinceOf: (shop: ShopFigures) => Date | null): Gauge =>
    gauge(name, help, ['shop'], ({ shops, now }) => byShop(shops, (shop) => age(sinceOf(shop), now), Math.max));
  return [
    perShop(
      'wharf_inbox_pending_events',
      'Inbox events that wait to be applied, counted up to 10000 a shop',
      (shop) => shop.pending,
    ),
    agePerShop(
      'wharf_inbox_oldest_pending_seconds',
      'How long the oldest of them has waited',
      (shop) => shop.oldestPendingAt,
    ),
    perShop(
      'wharf_inbox_parked_events',
      'Inbox events that could not be applied and wait for a person',
      (shop) => shop.parked,
    ),
    perShop('wharf_push_untold_listings', 'Listings whose newest number was not told yet', (shop) => shop.untold),
    agePerShop(
      'wharf_push_oldest_untold_seconds',
      'How long the oldest of them has waited since its number changed',
      (shop) => shop.oldestUntoldAt,
    ),
    perShop(
      'wharf_outgoing_unknown_writes',
      'Writes to a channel whose outcome is not known',
      (shop) => shop.unknownWrites,
    ),
    agePerShop(
      'wharf_outgoing_oldest_unknown_seconds',
      'How long ago the oldest of them was sent',
      (shop) => shop.oldestUnknownAt,
    ),
    perShop('wharf_shop_failures', 'Calls in a row that failed for the shop as a whole', (shop) => shop.failures),
    gauge('wharf_backlog_rows', 'Rows that wait, by kind of work, counted up to 10000', ['work'], ({ waiting }) =>
      waiting.map(({ work, waiting: value }) => ({ labels: { work }, value })),
    ),
    gauge('wharf_backlog_oldest_seconds', 'How long the oldest of them has waited', ['work'], ({ waiting, now }) =>
      waiting.map(({ work, oldestAt }) => ({ labels: { work }, value: age(oldestAt, now) })),
    ),
    gauge(
      'wharf_backlog_growth_rows_per_minute',
      'By how many rows a minute it grew (negative: shrank) in the last ten minutes',
      ['work'],
      (found) =>
        trendsOf(found).flatMap(({ work, growthPerMinute }) =>
          growthPerMinute === null ? [] : [{ labels: { work }, value: growthPerMinute }],
        ),
    ),
    gauge('wharf_backlog_growing_seconds', 'For how long it has grown minute by minute', ['work'], (found) =>
      trendsOf(found).map(({ work, growingMinutes }) => ({ labels: { work }, value: growingMinutes * 60 })),
    ),
    gauge('wharf_exceptions_open', 'Open exceptions by kind', ['kind'], ({ exceptions }) =>
      exceptions.map(({ kind, count }) => ({ labels: { kind }, value: count })),
    ),
    gauge('wharf_audit_sealed_rows', 'Audit rows in the chain of seals', [], ({ sealed }) => [
      { labels: {}, value: sealed },
    ]),
    gauge('wharf_audit_unsealed_rows', 'Audit rows that wait for their seal', [], ({ unsealed }) => [
      { labels: {}, value: unsealed },
    ]),
    gauge(
      'wharf_audit_oldest_unsealed_seconds',
      'How long the oldest of them has waited',
      [],
      ({ unsealedSince, now }) => [{ labels: {}, value: age(unsealedSince, now) }],
    ),
  ];
}

function trendsOf({ now, waiting, samples }: Figures): (Trend & { readonly work: string })[] {
  return waiting.map(({ work, waiting: count }) => ({
    work,
    ...findTrend(work, { at: now, waiting: count }, samples, null),
  }));
}

async function readSampled(db: AnyDb): Promise<Pick<Figures, 'now' | 'samples'>> {
  const now = await clockOf(db);
  return { now, samples: await readSamples(db, new Date(now.getTime() - backlogWindowMs)) };
}

function readFigures(database: Database): Promise<Figures> {
  return database.read(async (db) => ({
    ...(await readSampled(db)),
    shops: await readShopFigures(db, figuresShopsMax),
    waiting: await readWaiting(db),
    exceptions: await countOpenExceptions(db),
    sealed: (await readHead(db)).position,
    ...(await readUnsealed(db)),
  }));
}

function age(since: Date | null, now: Date): number {
  return since === null ? 0 : Math.max(0, now.getTime() - since.getTime()) / 1000;
}

/** The shops with the largest values under their ids, the rest as one. */
function byShop(
  shops: readonly ShopFigures[],
  valueOf: (shop: ShopFigures) => number,
  join: (a: number, b: number) => number,
): Sample[] {
  const values = shops.map((shop) => ({ labels: { shop: shop.shopId as string }, value: valueOf(shop) }));
  if (values.length <= labelledShopsMax) return values;
  const largest = values.toSorted((a, b) => b.value - a.value);
  const others = largest.slice(labelledShopsMax).reduce((sum, { value }) => join(sum, value), 0);
  return [...largest.slice(0, labelledShopsMax), { labels: { shop: otherShops }, value: others }];
}
