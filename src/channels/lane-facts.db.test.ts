import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { connectPaper, paperDeps } from '../../test/support/paper-channel.ts';
import { ChannelFault } from '../connector-kit/index.ts';
import type { ShopId } from '../kernel/index.ts';
import { listExceptions } from '../platform/exceptions/index.ts';
import { rows } from '../platform/db/index.ts';
import { breakerOpensAt } from './health-policy.ts';
import {
  advanceCursor,
  askForPolls,
  findDueCursors,
  isCallable,
  getShop,
  readCursor,
  readHealth,
  recordShopFault,
  recordShopSuccess,
  shopLane,
  type CursorStep,
} from './index.ts';

const database = useDatabase();
const deps = paperDeps(database);
let shopId: ShopId;

beforeEach(async () => {
  ({ shopId } = await database.run((ctx) => connectPaper(ctx, deps)));
});

const fault = (record: ChannelFault, random = 0) => database.run((ctx) => recordShopFault(ctx, shopId, record, random));
const health = () => database.read((db) => readHealth(db, shopId));
const exceptions = async () => {
  const page = await database.read((db) => listExceptions(db, { after: null, limit: 200 }));
  return page.items.filter((one) => one.subjectId === shopId).map((one) => one.kind);
};

describe('health', () => {
  test('failures in a row open the breaker, show an exception, and one success closes both', async () => {
    const down = new ChannelFault({ kind: 'unavailable' });
    const breakers: string[] = [];
    for (let n = 0; n < breakerOpensAt + 1; n += 1) breakers.push((await fault(down)).breaker);
    expect(breakers).toEqual([...Array.from({ length: breakerOpensAt - 1 }, () => 'closed'), 'open', 'open']);
    const before = await health();
    expect(before).toMatchObject({ failures: breakerOpensAt + 1, lastFault: 'unavailable' });
    expect((before.pausedUntil?.getTime() ?? 0) - (before.lastFaultAt?.getTime() ?? 0)).toBe(60_000);
    expect(await exceptions()).toEqual(['shop.unreachable']);
    const shop = await database.read((db) => getShop(db, shopId));
    expect(isCallable(shop, before, new Date())).toBe(false);
    expect(isCallable(shop, before, before.pausedUntil ?? new Date(0))).toBe(true);
    await database.run((ctx) => recordShopSuccess(ctx, shopId, 'stock'));
    expect(await health()).toMatchObject({
      failures: 0,
      pausedUntil: null,
      lastOrderAt: null,
      lastFault: 'unavailable',
    });
    expect((await health()).lastStockAt).not.toBe(null);
    expect(await exceptions()).toEqual([]);
  });

  test('a channel that says when to come back is waited for and never opens the breaker', async () => {
    const throttled = new ChannelFault({ kind: 'rate_limited', retryAfterMs: 4_000 });
    for (let n = 0; n < breakerOpensAt + 2; n += 1) expect((await fault(throttled)).breaker).toBe('closed');
    const after = await health();
    expect(after).toMatchObject({ failures: 0, lastFault: 'rate_limited' });
    expect((after.pausedUntil?.getTime() ?? 0) - (after.lastFaultAt?.getTime() ?? 0)).toBe(4_000);
    expect(await exceptions()).toEqual([]);
  });

  test('refused credentials are an exception from the first time', async () => {
    const { pausedUntil } = await fault(new ChannelFault({ kind: 'unauthorised' }));
    expect(pausedUntil).not.toBe(null);
    expect(await exceptions()).toEqual(['shop.unauthorised']);
  });

  test('an answer about one item neither counts nor pauses', async () => {
    await fault(new ChannelFault({ kind: 'unavailable' }));
    const { pausedUntil } = await health();
    const record = await fault(new ChannelFault({ kind: 'rejected', code: 'no', detail: 'no' }));
    expect(record).toEqual({ failures: 1, pausedUntil, breaker: 'closed' });
  });

  test('failures of calls that end at once are all counted', async () => {
    await Promise.all(Array.from({ length: 4 }, () => fault(new ChannelFault({ kind: 'unavailable' }))));
    expect((await health()).failures).toBe(4);
  });

  test('a shop that pauses has no stream due', async () => {
    const due = async (now: Date) =>
      (await database.read((db) => findDueCursors(db, now))).some((cursor) => cursor.shopId === shopId);
    expect(await due(new Date())).toBe(true);
    const { pausedUntil } = await fault(new ChannelFault({ kind: 'rate_limited', retryAfterMs: 60_000 }));
    expect(await due(new Date())).toBe(false);
    expect(await due(pausedUntil ?? new Date(0))).toBe(true);
  });
});

describe('cursors', () => {
  const later = new Date('2030-01-01T00:00:00Z');
  const step = (facts: Partial<CursorStep>): CursorStep => ({
    shopId,
    stream: 'orders',
    fromVersion: 1,
    state: null,
    resume: null,
    dueAt: later,
    startedAt: null,
    finishedAt: null,
    ...facts,
  });
  const advance = (facts: Partial<CursorStep>) => database.run((ctx) => advanceCursor(ctx, step(facts)));
  const read = () => database.read((db) => readCursor(db, shopId, 'orders'));

  test('a state comes back as the connector gave it, on both drivers', async () => {
    const state = { cursor: '9007199254740993', at: '2026-11-21T09:00:00.123456Z', nested: [1, null, 'é'] };
    expect(await advance({ state, resume: 'plain text', startedAt: later })).toBe(2);
    const cursor = await read();
    expect(cursor).toMatchObject({ version: 2, state, resume: 'plain text', startedAt: later, dueAt: later });
    expect(await database.run((ctx) => readCursor(ctx.tx, shopId, 'orders'))).toEqual(cursor);
  });

  test('of many holders that read the same version one moves the cursor', async () => {
    const results = await Promise.allSettled([1, 2, 3, 4].map((n) => advance({ state: n })));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ kind: 'conflict', code: 'cursor.moved' });
    }
    expect((await read())?.version).toBe(2);
  });

  test('a cursor that is not there yet is made once', async () => {
    const first = { stream: 'listings', fromVersion: 0, state: 'new' } as const;
    await expect(advance(first)).rejects.toMatchObject({ code: 'cursor.moved' });
    await database.run((ctx) => rows(ctx.tx, sql`delete from shop_cursors where shop_id = ${shopId}`));
    const results = await Promise.allSettled([advance(first), advance(first)]);
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await database.read((db) => readCursor(db, shopId, 'listings'))).toMatchObject({ version: 1, state: 'new' });
  });

  test('a stream that somebody asks for is due at once, and a poll on its way keeps its cursor', async () => {
    await advance({ state: 'half way' });
    const asked = await database.run((ctx) => askForPolls(ctx, shopId, ['orders', 'sweep']));
    expect(asked).toEqual(['orders', 'sweep']);
    expect(database.rings).toContain(shopLane(shopId));
    const cursor = await read();
    expect(cursor).toMatchObject({ state: 'half way', version: 2 });
    expect(cursor?.dueAt.getTime()).toBeLessThan(later.getTime());
  });
});
