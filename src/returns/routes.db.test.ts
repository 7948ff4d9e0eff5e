import type { OpenAPIHono } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import {
  expectReturnsSound,
  lineOf,
  shownReturn,
  useReturns,
  type ReturnsWorld,
} from '../../test/support/factories/returns-world.ts';
import { quietLog } from '../../test/support/quiet-log.ts';
import { newId } from '../kernel/index.ts';
import { rows, type Actor } from '../platform/db/index.ts';
import { createApp, routesWithoutScope, type AppEnv } from '../platform/http/index.ts';
import { returnRoutes } from './routes.ts';
import { tellStaleReturns } from './stale-returns.ts';

const bench = useReturns();
const { database, clock } = bench;
let world: ReturnsWorld;
let app: OpenAPIHono<AppEnv>;

beforeAll(() => {
  const actorId = newId();
  app = createApp({
    database,
    log: quietLog,
    authenticate: async (token): Promise<Actor> => ({
      kind: 'token',
      id: actorId,
      name: token,
      scopes: token.split(','),
    }),
  });
  app.route('/api/v1', returnRoutes());
});
beforeEach(async () => {
  world = await bench.open();
});

type Json = Readonly<Record<string, unknown>>;

async function call(method: string, path: string, body?: Json, more: { scopes?: string; key?: string } = {}) {
  const answer = await app.request(`/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${more.scopes ?? '*'}`,
      'content-type': 'application/json',
      ...(more.key === undefined ? {} : { 'idempotency-key': more.key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Json };
}

test('every route declares its scope', () => {
  expect(routesWithoutScope(app)).toEqual([]);
});

test('a return is entered with a refund, read, listed and decided, each repeat of a keyed request once', async () => {
  const order = await world.sellAndShip('A', [['listing-1', 2]]);
  const entry = {
    orderId: order.orderId,
    reason: 'did not fit',
    lines: [{ orderLineId: lineOf(order), quantity: 2 }],
    refund: {},
  };
  const entered = await call('POST', '/returns', entry, { key: 'enter-1' });
  expect(entered).toMatchObject({ status: 201, body: { refund: { amount: { minor: 2_000, currency: 'EUR' } } } });
  expect(await call('POST', '/returns', entry, { key: 'enter-1' })).toEqual(entered);
  const path = `/returns/${String(entered.body['returnId'])}`;
  const { body: found } = await call('GET', path);
  expect(found).toMatchObject({
    state: 'open',
    waitingUnits: 2,
    lines: [{ quantity: 2, waiting: 2 }],
    refunds: [{ state: 'asked', amount: { minor: 2_000 }, shipping: { minor: 0 } }],
  });
  const [line] = found['lines'] as { returnLineId: string }[];
  const decision = {
    decision: 'restock',
    quantity: 1,
    warehouseId: world.warehouseId,
    returnLineId: line?.returnLineId,
  };
  const decide = () => call('POST', `${path}/decisions`, { lines: [decision] }, { key: 'decide-1' });
  const decided = await decide();
  expect(decided).toEqual({ status: 200, body: { state: 'open', refund: null } });
  expect(await decide()).toEqual(decided);
  expect(await world.onHand()).toEqual([99, 60]);
  const listed = await call('GET', `/returns?state=open&orderId=${order.orderId}`);
  expect(listed.body).toMatchObject({
    items: [{ number: entered.body['number'], units: 2, waitingUnits: 1 }],
    next: null,
  });
  await expectReturnsSound(database);
});

test('lists are paged by key, filtered, and the same whatever came meanwhile', async () => {
  const order = await world.sellAndShip('A', [['listing-1', 5]]);
  for (let each = 0; each < 5; each += 1) await world.enter(order, [1]);
  const seen: unknown[] = [];
  let next: unknown = null;
  do {
    const after = typeof next === 'string' ? `&after=${next}` : '';
    const { body } = await call('GET', `/returns?limit=2&shopId=${world.shopId}${after}`);
    seen.push(...(body['items'] as { number: number }[]).map(({ number }) => number));
    next = body['next'];
  } while (next !== null);
  expect(seen).toHaveLength(5);
  expect(seen).toEqual(seen.toSorted((a, b) => Number(b) - Number(a)));
  expect((await call('GET', `/returns?state=decided&shopId=${world.shopId}`)).body).toEqual({ items: [], next: null });
  expect((await call('GET', '/returns?after=nonsense')).body).toMatchObject({ code: 'page.bad_cursor' });
});

test('goods need the scope of the stockroom, money that of the order desk', async () => {
  const order = await world.sellAndShip('A', [['listing-1', 1]]);
  const lines = [{ orderLineId: lineOf(order), quantity: 1 }];
  const entry = { orderId: order.orderId, reason: 'x', lines };
  expect((await call('POST', '/returns', entry, { scopes: 'stock:write' })).status).toBe(403);
  const { body } = await call('POST', '/returns', entry, { scopes: 'orders:write' });
  const path = `/returns/${String(body['returnId'])}`;
  const [line] = (await call('GET', path)).body['lines'] as { returnLineId: string }[];
  const decision = { lines: [{ returnLineId: line?.returnLineId, decision: 'scrap', quantity: 1 }] };
  expect((await call('POST', `${path}/decisions`, decision, { scopes: 'orders:write' })).status).toBe(403);
  const withMoney = await call('POST', `${path}/decisions`, { ...decision, refund: {} }, { scopes: 'stock:write' });
  expect(withMoney).toMatchObject({ status: 403, body: { code: 'auth.scope_missing' } });
  expect((await call('POST', `${path}/decisions`, decision, { scopes: 'stock:write' })).status).toBe(200);
  expect((await call('POST', `${path}/refunds`, {}, { scopes: 'orders:write' })).status).toBe(202);
  expect((await call('GET', `/returns/${newId()}`)).body).toMatchObject({ code: 'return.not_found' });
});

test('a return that waits for three weeks is an exception, once, until it is decided', async () => {
  const order = await world.sellAndShip('A', [['listing-1', 1]]);
  const { returnId, number } = await world.enter(order, [1]);
  const tell = () => database.run(tellStaleReturns);
  await database.run((ctx) => rows(ctx.tx, sql`update returns set created_at = ${ctx.now} where id = ${returnId}`));
  clock.advance(21 * 86_400_000);
  await tell();
  expect(await world.exceptions()).toEqual([]);
  clock.advance(1_000);
  expect(await tell()).toBe(1);
  expect(await tell()).toBe(0);
  expect(await world.exceptions()).toEqual(['return.waits_long']);
  const [told] = await database.read((db) =>
    rows<{ nextStep: string }>(db, sql`select next_step as "nextStep" from exceptions where subject_id = ${returnId}`),
  );
  expect(told?.nextStep).toContain(`wharf return decide ${number}`);
  await world.decideAll(returnId, 'none');
  expect(await world.exceptions()).toEqual([]);
});

test('a return that the channel reports shows on it what the channel says', async () => {
  const { orderId } = await world.sellAndShip('A', [['listing-1', 2]]);
  await world.readAgain('A', { returns: [shownReturn('t-1', [['A/1', 1]], 'received')] });
  const { body } = await call('GET', `/returns?orderId=${orderId}`);
  const [item] = body['items'] as { returnId: string }[];
  expect(item).toMatchObject({ source: 'channel_return', units: 1, waitingUnits: 1 });
  expect((await call('GET', `/returns/${item?.returnId}`)).body).toMatchObject({
    reports: [{ externalId: 't-1', state: 'received', reason: 'too small', askedAt: '2026-11-21T08:00:00.000Z' }],
  });
});
