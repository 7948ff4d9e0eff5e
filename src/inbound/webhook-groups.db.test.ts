import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { soldOrder } from '../../test/support/factories/channel-order.ts';
import { expectInboxSound, openInboundWorld, type InboundWorld } from '../../test/support/factories/inbound-world.ts';
import type { ShopDeps } from '../channels/index.ts';
import { Fault } from '../kernel/index.ts';
import { rows, type Ctx, type Database } from '../platform/db/index.ts';
import { openReception, type WebhookAnswer } from './index.ts';
import { lockPushed } from './lock-pushed.ts';

const database = useDatabase({ pools: { write: 12 } });

type Told = { readonly externalId: string; readonly delivery?: string; readonly version?: string };

/** Sends deliveries all at once to one reception; answers in their order. */
function sendAll(
  world: InboundWorld,
  told: readonly Told[],
  deps: ShopDeps = world.deps,
): Promise<readonly WebhookAnswer[]> {
  const receive = openReception(deps);
  return Promise.all(told.map((one) => receive(world.webhookKey, request(one))));
}

function request({ externalId, delivery = externalId, version }: Told) {
  const headers = { 'x-signature': 'good', 'x-order': externalId, 'x-delivery': delivery };
  const order = soldOrder(externalId, version === undefined ? {} : { version });
  const rawBody = Buffer.from(JSON.stringify(order));
  return { method: 'POST', url: 'http://hub/', headers: new Headers(headers), rawBody };
}

const orders = (count: number): Told[] => Array.from({ length: count }, (_, index) => ({ externalId: `o${index}` }));
const statuses = (answers: readonly WebhookAnswer[]) => answers.map(({ status }) => status);

/** The same database, whose transactions are counted, and may be spoilt after their work and before their commit. */
function watched(real: Database, spoil: (work: number) => void = () => undefined) {
  const seen = { transactions: 0 };
  const transact: Database['transact'] = (options, work) =>
    real.transact(options, async (ctx: Ctx) => {
      const result = await work(ctx);
      spoil((seen.transactions += 1));
      return result;
    });
  const store: Database['store'] = (statement) =>
    real.store({
      ...statement,
      statement: {
        bind(values, now) {
          spoil((seen.transactions += 1));
          return statement.statement.bind(values, now);
        },
      },
    });
  return { seen, database: { ...real, read: real.read.bind(real), transact, store } };
}

const storedRows = (world: InboundWorld) =>
  database.read((db) =>
    rows<{ dedupeKey: string }>(
      db,
      sql`select dedupe_key as "dedupeKey" from inbox_events e join inbox_bodies b on b.inbox_event_id = e.id
          where shop_id = ${world.shopId} order by dedupe_key`,
    ),
  );

describe('webhooks that come together', () => {
  it('are committed in a few transactions, and each is stored once', async () => {
    const world = await openInboundWorld(database);
    const { seen, database: counted } = watched(world.deps.database);
    const told = orders(150);
    const answers = await sendAll(world, [...told, ...told.slice(0, 50)], { ...world.deps, database: counted });
    expect(statuses(answers).filter((status) => status === 202)).toHaveLength(150);
    expect(statuses(answers).filter((status) => status === 200)).toHaveLength(50);
    expect(await storedRows(world)).toHaveLength(150);
    expect(seen.transactions).toBeLessThan(20);
    await world.drain();
    expect(await world.orders()).toHaveLength(150);
    await expectInboxSound(database);
  });

  it('are stored once by several processes that take them in at the same time in different orders', async () => {
    const world = await openInboundWorld(database);
    const told = orders(60);
    const answers = await Promise.all([
      sendAll(world, told),
      sendAll(world, told.toReversed()),
      sendAll(world, [...told.slice(30), ...told.slice(0, 30)]),
    ]);
    expect(statuses(answers.flat()).filter((status) => status === 202)).toHaveLength(60);
    expect(statuses(answers.flat()).filter((status) => status === 200)).toHaveLength(120);
  });

  it('are not failed by a neighbour that the database cannot hold, which is kept as unreadable', async () => {
    const world = await openInboundWorld(database);
    const told = orders(20);
    const answers = await sendAll(world, told.with(7, { externalId: 'o7', version: '9'.repeat(60) }));
    expect(statuses(answers)).toEqual(told.map(() => 202));
    expect(await world.events()).toEqual({ parked: 1, pending: 19 });
    expect(await world.openExceptions()).toEqual(['inbox.unreadable']);
  });

  it('are all answered 503, and none is stored, where the commit of their group fails', async () => {
    const world = await openInboundWorld(database);
    const { database: failing } = watched(world.deps.database, () => {
      throw new Fault('unavailable', 'database.unreachable');
    });
    const answers = await sendAll(world, orders(20), { ...world.deps, database: failing });
    expect(new Set(statuses(answers))).toEqual(new Set([503]));
    expect(answers.every(({ headers }) => headers['retry-after'] === '5')).toBe(true);
    expect(await storedRows(world)).toEqual([]);
    expect(statuses(await sendAll(world, orders(20)))).toEqual(orders(20).map(() => 202));
  });

  it('and carry no document ask for one read each', async () => {
    const world = await openInboundWorld(database);
    const receive = openReception(world.deps);
    const notice = (externalId: string, delivery: string) =>
      receive(world.webhookKey, { ...request({ externalId, delivery }), rawBody: Buffer.from(`changed ${delivery}`) });
    const answers = await Promise.all([notice('o1', 'a'), notice('o2', 'b'), notice('o1', 'c'), notice('o1', 'a')]);
    expect(statuses(answers)).toEqual(expect.arrayContaining([200, 202]));
    expect(statuses(answers).filter((status) => status === 202)).toHaveLength(3);
    const reads = await database.read((db) =>
      rows(db, sql`select external_id as id from order_reads where shop_id = ${world.shopId} order by 1`),
    );
    expect(reads).toEqual([{ id: 'o1' }, { id: 'o2' }]);
  });
});

describe('a store that cannot be asked', () => {
  it('has its other messages taken in while one waits for somebody who takes in the same order', async () => {
    const world = await openInboundWorld(database);
    const { connector } = world.channel;
    const { readOrders: _readOrders, ...told } = connector.orders;
    const deps = { ...world.deps, connectors: new Map([['plain', { ...connector, orders: told }]]) };
    const receive = openReception(deps);
    let [isLocked, letGo] = [() => {}, () => {}];
    const locked = new Promise<void>((resolve) => (isLocked = resolve));
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const holder = database.run(async (ctx) => {
      await lockPushed(ctx, world.shopId, ['o3']);
      isLocked();
      await gate;
    });
    await locked;
    let isAnswered = false;
    const answers = orders(10).map((one) => receive(world.webhookKey, request(one)));
    const held = answers[3]?.finally(() => (isAnswered = true));
    expect(statuses(await Promise.all(answers.toSpliced(3, 1)))).toEqual(Array.from({ length: 9 }, () => 202));
    expect(isAnswered).toBe(false);
    letGo();
    await holder;
    expect((await held)?.status).toBe(202);
    expect(await storedRows(world)).toHaveLength(10);
  });
});

describe('too many that wait', () => {
  it('are told to come later, at their own address only', async () => {
    const [world, other] = [await openInboundWorld(database), await openInboundWorld(database)];
    let letRead: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (letRead = resolve));
    const slow: Database = {
      ...world.deps.database,
      transact: world.deps.database.transact.bind(world.deps.database),
      store: world.deps.database.store.bind(world.deps.database),
      read: async (work) => {
        await gate;
        return world.deps.database.read(work);
      },
    };
    const receive = openReception({ ...world.deps, database: slow });
    const waiting = Array.from({ length: 1_000 }, () => receive(world.webhookKey, request({ externalId: 'o1' })));
    expect(await receive(world.webhookKey, request({ externalId: 'o2' }))).toMatchObject({
      status: 503,
      body: { code: 'hook.busy' },
      headers: { 'retry-after': '5' },
    });
    const elsewhere = receive(other.webhookKey, request({ externalId: 'o1' }));
    letRead();
    expect((await elsewhere).status).toBe(202);
    expect(statuses(await Promise.all(waiting)).filter((status) => status === 202)).toHaveLength(1);
    expect((await receive(world.webhookKey, request({ externalId: 'o2' }))).status).toBe(202);
  });
});
