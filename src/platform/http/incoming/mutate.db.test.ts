import { createRoute, z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { useDatabase } from '../../../../test/support/database.ts';
import { newSignal, until } from '../../../../test/support/lane-work.ts';
import { recordingLog } from '../../../../test/support/quiet-log.ts';
import { Fault } from '../../../kernel/index.ts';
import { firstRow, rows, type Actor } from '../../db/index.ts';
import { writeSetting } from '../../settings/index.ts';
import { bodyOf, createApp, jsonOf, mutate, newRouter, problems, pruneIdempotencyKeys, scope } from '../index.ts';

const database = useDatabase({ pools: { write: 6 } });
const log = recordingLog();
const actorOfToken = (id: string): Actor => ({ kind: 'token', id, name: id, scopes: ['*'] });

let ran = 0;
let gate: Promise<void> = Promise.resolve();
let fails = false;
beforeEach(async () => {
  ran = 0;
  fails = false;
  gate = Promise.resolve();
  await database.run((ctx) => rows(ctx.tx, sql`DELETE FROM idempotency_keys`));
});

const routes = newRouter()
  .openapi(
    createRoute({
      method: 'post',
      path: '/things',
      ...scope('things:write'),
      request: { body: bodyOf(z.object({ name: z.string() })) },
      responses: { 201: jsonOf(z.object({ name: z.string(), run: z.number(), at: z.string() })), ...problems },
    }),
    async (c) => {
      const { name } = c.req.valid('json');
      const made = await mutate(c, async (ctx) => {
        ran += 1;
        const run = ran;
        await writeSetting(ctx, `thing:${name}:${run}`, run);
        await gate;
        if (fails) throw new Fault('conflict', 'thing.taken');
        return { name, run, at: ctx.now.toISOString() };
      });
      return c.json(made, 201);
    },
  )
  .openapi(
    createRoute({ method: 'post', path: '/careless', ...scope('x'), responses: { 200: jsonOf(z.object({})) } }),
    (c) => c.json({}, 200),
  );

const app = createApp({
  database,
  log,
  authenticate: (token) => Promise.resolve(actorOfToken(token)),
});
app.route('/api/v1', routes);

function post(key: string | null, name: string, token = 'clerk', path = '/api/v1/things'): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ name });
  const keyed = key === null ? headers : { ...headers, 'idempotency-key': key };
  return Promise.resolve(app.request(path, { method: 'POST', headers: keyed, body }));
}

function countThings(name: string): Promise<number> {
  const query = sql`SELECT count(*)::int4 AS count FROM deployment_settings WHERE key LIKE ${`thing:${name}:%`}`;
  return database.run(async (ctx) => (await firstRow<{ count: number }>(ctx.tx, query))?.count ?? -1);
}

describe('a request sent again with its Idempotency-Key', () => {
  test('is answered alike without being done twice', async () => {
    const first = await post('key-1', 'one');
    const again = await post('key-1', 'one');
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(await again.json()).toEqual(await first.json());
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
    expect([ran, await countThings('one')]).toEqual([1, 1]);
  });

  test('is done once when both come at the same time: the second waits for the first', async () => {
    const opened = newSignal();
    gate = opened.promise;
    const both = [post('key-2', 'two'), post('key-2', 'two'), post('key-2', 'two')];
    await until(() => ran === 1, 'the first runs');
    await until(async () => (await waiting()) === 2, 'the others wait for its row');
    expect(ran).toBe(1);
    opened.resolve();
    const answers = await Promise.all(both.map(async (sent) => (await sent).json()));
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect([ran, await countThings('two')]).toEqual([1, 1]);
  });

  test('and another body is an error', async () => {
    await post('key-3', 'three');
    const other = await post('key-3', 'four');
    expect(await other.json()).toMatchObject({ status: 409, code: 'idempotency.key_reused' });
    expect(ran).toBe(1);
  });

  test('is done when the first one failed, which leaves nothing behind', async () => {
    fails = true;
    expect((await post('key-4', 'four')).status).toBe(409);
    expect(await countThings('four')).toBe(0);
    fails = false;
    expect((await post('key-4', 'four')).status).toBe(201);
    expect(await countThings('four')).toBe(1);
  });

  test('by somebody else is another request', async () => {
    await post('key-5', 'five', 'clerk');
    expect(await (await post('key-5', 'five', 'other')).json()).toMatchObject({ run: 2 });
  });
});

test('without a key each request is done', async () => {
  await post(null, 'six');
  await post(null, 'six');
  expect(ran).toBe(2);
});

test('a key that is too long or not visible is refused', async () => {
  for (const key of ['x'.repeat(256), 'a b']) {
    expect(await (await post(key, 'seven')).json()).toMatchObject({ status: 400, code: 'input.invalid' });
  }
});

test('a route that ignores the key is told of in the log', async () => {
  expect((await post('key-8', 'eight', 'clerk', '/api/v1/careless')).status).toBe(200);
  expect(log.lines).toContainEqual(
    expect.objectContaining({ fields: expect.objectContaining({ code: 'idempotency.not_taken' }) }),
  );
});

test('keys older than two days are forgotten, younger ones kept', async () => {
  await post('key-9', 'nine');
  await post('key-10', 'ten');
  await database.run((ctx) => {
    const old = new Date(ctx.now.getTime() - 49 * 3_600_000);
    return rows(ctx.tx, sql`UPDATE idempotency_keys SET created_at = ${old} WHERE key = 'key-9'`);
  });
  expect(await database.run((ctx) => pruneIdempotencyKeys(ctx))).toEqual({ deleted: 1, more: false });
  expect((await post('key-10', 'ten')).headers.get('idempotency-replayed')).toBe('true');
});

function waiting(): Promise<number> {
  const query = sql`SELECT count(*)::int4 AS count FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return database.run(async (ctx) => (await firstRow<{ count: number }>(ctx.tx, query))?.count ?? 0);
}
