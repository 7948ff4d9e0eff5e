import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { laneBatchPerShopMax } from '../../config/defaults.ts';
import { useDatabase } from '../../test/support/database.ts';
import { soldLine, soldOrder } from '../../test/support/factories/channel-order.ts';
import { expectInboxSound, lease, openInboundWorld, signal } from '../../test/support/factories/inbound-world.ts';
import { firstRow, readClock, rows } from '../platform/db/index.ts';
import { deleteOldBodies, drainInbox, everything, pollOrders, replayInbox } from './index.ts';

const database = useDatabase();

describe('the inbox', () => {
  it('translates only the newest snapshot of an order and marks the others superseded', async () => {
    const world = await openInboundWorld(database);
    for (const quantity of [1, 2, 3]) {
      world.channel.orders.set('o1', soldOrder('o1', { lines: [soldLine('line-1', { quantity })] }));
      await world.poll();
    }
    await world.drain();
    expect(await world.events()).toEqual({ applied: 1, superseded: 2 });
    expect(await world.orders()).toMatchObject([{ version: 1, totalMinor: 3_000 }]);
  });

  it('an equal document that was read again while it waited is applied with the later time', async () => {
    const world = await openInboundWorld(database);
    world.channel.orders.set('o1', soldOrder('o1'));
    await world.poll();
    const between = await readClock(database);
    await world.poll();
    await world.drain();
    expect(await world.events()).toEqual({ applied: 1 });
    const [order] = await world.orders();
    expect(order?.readStartedAt.getTime()).toBeGreaterThanOrEqual(between.getTime());
  });

  it('is drained by a worker whose clock is an hour behind, or ahead: what is due is due by the clock of PostgreSQL', async () => {
    for (const offMs of [-3_600_000, 3_600_000]) {
      const world = await openInboundWorld(database);
      world.channel.orders.set('o1', soldOrder('o1'));
      await world.poll();
      const clock = { ...world.deps.clock, now: () => new Date(Date.now() + offMs) };
      await drainInbox({ ...world.deps, clock });
      expect(await world.events()).toEqual({ applied: 1 });
    }
  });

  it('parks a poison document with its cause, takes in its neighbours, and replays it once the cause is gone', async () => {
    const world = await openInboundWorld(database);
    for (const id of ['o1', 'poison', 'o2']) world.channel.orders.set(id, soldOrder(id));
    world.channel.broken.set('poison', JSON.stringify({ ...soldOrder('poison'), paymentState: 'half_paid' }));
    await world.poll();
    await world.drain();
    expect(await world.orders()).toHaveLength(2);
    expect(await world.events()).toEqual({ applied: 2, parked: 1 });
    expect(await world.openExceptions()).toEqual(['inbox.parked']);
    await world.poll();
    expect(await world.events()).toEqual({ applied: 2, parked: 1 });
    const { connector } = world.channel;
    const cured = {
      ...connector,
      orders: {
        ...connector.orders,
        toChannelOrder: (body: string) => ({ ...JSON.parse(body), paymentState: 'paid' }),
      },
    };
    const deps = { ...world.deps, connectors: new Map([['plain', cured]]) };
    const filter = { ...everything, shopId: world.shopId, causeCode: 'inbox.not_an_order' };
    expect(await database.run((ctx) => replayInbox(ctx, filter))).toEqual({ replayed: 1 });
    await drainInbox(deps, [world.shopId]);
    expect(await world.orders()).toHaveLength(3);
    expect(await world.openExceptions()).toEqual([]);
    await expectInboxSound(database);
  });

  it('falls back to the last readable snapshot when the newest cannot be translated', async () => {
    const world = await openInboundWorld(database);
    world.channel.orders.set('o1', soldOrder('o1'));
    await world.poll();
    world.channel.broken.set('o1', '{"nothing":"known"}');
    await world.poll();
    await world.drain();
    expect(await world.orders()).toMatchObject([{ externalId: 'o1', totalMinor: 1_000 }]);
    expect(await world.events()).toEqual({ applied: 1, parked: 1 });
  });

  it('takes in live documents before backfill, at most a batch a shop and pass', async () => {
    const world = await openInboundWorld(database);
    const oldCount = laneBatchPerShopMax + 20;
    for (let index = 0; index < oldCount; index += 1)
      world.channel.orders.set(`old-${index}`, soldOrder(`old-${index}`));
    while ((await pollOrders(world.deps, world.session, lease, signal)).didWork);
    await world.deliver(soldOrder('live', { version: '1' }), 'd1');
    expect(await drainInbox(world.deps, [world.shopId])).toMatchObject({ claimed: laneBatchPerShopMax });
    expect((await world.orders()).map((order) => order.externalId)).toContain('live');
    expect(await drainInbox(world.deps, [world.shopId])).toMatchObject({ claimed: 21 });
    await expectInboxSound(database);
  });

  it('applies each event once when three drains run at the same time', async () => {
    const world = await openInboundWorld(database);
    for (let index = 0; index < 30; index += 1)
      await world.deliver(soldOrder(`o${index}`, { version: '1' }), `d${index}`);
    const results = await Promise.all([1, 2, 3].map(() => drainInbox(world.deps, [world.shopId])));
    expect(results.reduce((sum, result) => sum + result.applied, 0)).toBe(30);
    expect((await world.orders()).every((order) => order.version === 1)).toBe(true);
    await expectInboxSound(database);
  });

  it('deletes bodies after their term and keeps their keys', async () => {
    const world = await openInboundWorld(database);
    await world.deliver(soldOrder('o1', { version: '1' }), 'd1');
    await world.drain();
    await database.run((ctx) =>
      rows(ctx.tx, sql`update inbox_bodies set stored_at = ${new Date(ctx.now.getTime() - 31 * 86_400_000)}`),
    );
    expect(await database.run(deleteOldBodies)).toBeGreaterThan(0);
    expect(await world.events()).toEqual({ applied: 1 });
    expect((await world.deliver(soldOrder('o1', { version: '1' }), 'd1')).status).toBe(200);
  });

  it('keeps the bytes of what still waits, however old it is', async () => {
    const world = await openInboundWorld(database);
    await world.deliver(soldOrder('o1', { version: '1' }), 'd1');
    await database.run((ctx) =>
      rows(ctx.tx, sql`update inbox_bodies set stored_at = ${new Date(ctx.now.getTime() - 31 * 86_400_000)}`),
    );
    expect(await database.run(deleteOldBodies)).toBe(0);
    await world.drain();
    expect(await world.events()).toEqual({ applied: 1 });
    await expectInboxSound(database);
  });

  it('seals what it stores', async () => {
    const world = await openInboundWorld(database);
    await world.deliver(soldOrder('o1', { version: '1' }), 'd1');
    const found = await database.read((db) =>
      firstRow<{ found: boolean }>(
        db,
        sql`select bool_or(position('Lovelace'::bytea in ciphertext) > 0) as found from inbox_bodies`,
      ),
    );
    expect(found?.found).toBe(false);
  });
});
