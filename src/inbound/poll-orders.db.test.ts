import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { soldLine, soldOrder } from '../../test/support/factories/channel-order.ts';
import { expectInboxSound, lease, openInboundWorld, signal } from '../../test/support/factories/inbound-world.ts';
import { ChannelFault } from '../connector-kit/index.ts';
import { Fault } from '../kernel/index.ts';
import { firstRow, rows } from '../platform/db/index.ts';
import type { Lease } from '../platform/queue/index.ts';
import { askOpenOrders, readOrdersAgain, sweepOrders } from './index.ts';

const database = useDatabase();

describe('polls', () => {
  it('read every page and store a document again only when it has changed', async () => {
    const world = await openInboundWorld(database);
    for (let index = 0; index < 7; index += 1) world.channel.orders.set(`o${index}`, soldOrder(`o${index}`));
    await world.poll();
    expect(world.channel.calls.pages).toBe(4);
    await world.drain();
    const before = await world.orders();
    expect(before).toHaveLength(7);
    await world.poll();
    expect(await world.events()).toEqual({ applied: 7 });
    const after = await world.orders();
    expect(after[0]?.readStartedAt.getTime()).toBeGreaterThan(before[0]?.readStartedAt.getTime() ?? Infinity);
    world.channel.orders.set('o3', soldOrder('o3', { lines: [soldLine('line-1', { quantity: 9 })] }));
    await world.poll();
    world.channel.orders.set('o3', soldOrder('o3'));
    await world.poll();
    await world.drain();
    expect((await world.orders()).find((order) => order.externalId === 'o3')).toMatchObject({ totalMinor: 1_000 });
    expect(await world.events()).toEqual({ applied: 8, superseded: 1 });
    await expectInboxSound(database);
  });

  it('store a content again that went from A to B and back to A, each applied', async () => {
    const world = await openInboundWorld(database);
    for (const quantity of [1, 4, 1]) {
      world.channel.orders.set('o1', soldOrder('o1', { lines: [soldLine('line-1', { quantity })] }));
      await world.poll();
      await world.drain();
    }
    expect(await world.orders()).toMatchObject([{ version: 3, totalMinor: 1_000 }]);
    expect(await world.events()).toEqual({ applied: 3 });
  });

  it('go on after a crash between pages without a gap and without a repeat', async () => {
    const world = await openInboundWorld(database);
    for (let index = 0; index < 6; index += 1) world.channel.orders.set(`o${index}`, soldOrder(`o${index}`));
    let transactions = 0;
    const crashing: Lease = {
      ...lease,
      guard: async () => {
        transactions += 1;
        if (transactions === 2) throw new Fault('conflict', 'lane.lease_lost');
      },
    };
    await expect(world.poll(crashing)).rejects.toThrow('lane.lease_lost');
    expect(await world.events()).toEqual({ pending: 2 });
    await world.poll();
    await world.drain();
    expect(await world.orders()).toHaveLength(6);
    expect(world.channel.calls.pages).toBe(4);
    expect(await world.events()).toEqual({ applied: 6 });
  });

  it('leave the cursor where it was when the channel fails, and write it to the shop’s health', async () => {
    const world = await openInboundWorld(database);
    world.channel.orders.set('o1', soldOrder('o1'));
    world.channel.faults.push(new ChannelFault({ kind: 'unavailable' }));
    expect(await world.poll()).toEqual({ didWork: false });
    const health = await database.read((db) =>
      firstRow<{ fault: string }>(db, sql`select last_fault as fault from shop_health where shop_id = ${world.shopId}`),
    );
    expect(health?.fault).toBe('unavailable');
    await world.poll();
    await world.drain();
    expect(await world.orders()).toHaveLength(1);
  });

  it('find by a sweep what neither a webhook nor a poll told', async () => {
    const world = await openInboundWorld(database);
    await world.poll();
    for (let index = 0; index < 5; index += 1) world.channel.orders.set(`o${index}`, soldOrder(`o${index}`));
    await sweepOrders(world.deps, world.session, lease, signal);
    await world.drain();
    expect(await world.orders()).toHaveLength(5);
    expect(await sweepOrders(world.deps, world.session, lease, signal)).toEqual({ didWork: false });
  });
});

describe('reading again', () => {
  it('asks for open orders by their age, the oldest first, and not for closed ones', async () => {
    const world = await openInboundWorld(database);
    world.channel.orders.set('open', soldOrder('open'));
    world.channel.orders.set('closed', soldOrder('closed', { isClosed: true }));
    await world.poll();
    await world.drain();
    await database.run((ctx) =>
      rows(ctx.tx, sql`update orders set read_started_at = read_started_at - interval '1 hour'`),
    );
    expect(await askOpenOrders(world.deps, world.session, lease, signal)).toEqual({ didWork: true });
    await readOrdersAgain(world.deps, world.session, lease, signal);
    expect(world.channel.calls.reads).toEqual([['open']]);
    expect(await askOpenOrders(world.deps, world.session, lease, signal)).toEqual({ didWork: false });
  });

  it('opens an exception for an order the channel no longer has, and never cancels it', async () => {
    const world = await openInboundWorld(database);
    world.channel.orders.set('o1', soldOrder('o1'));
    await world.poll();
    await world.drain();
    world.channel.orders.delete('o1');
    await database.run((ctx) =>
      rows(ctx.tx, sql`update orders set read_started_at = read_started_at - interval '1 hour'`),
    );
    await askOpenOrders(world.deps, world.session, lease, signal);
    await readOrdersAgain(world.deps, world.session, lease, signal);
    expect(await world.openExceptions()).toEqual(['order.missing_on_channel']);
    const cancelled = await database.read((db) =>
      rows(db, sql`select 1 from orders where shop_id = ${world.shopId} and cancelled_at is not null`),
    );
    expect(cancelled).toEqual([]);
  });

  it('holds an order that stays missing, lets it go when it is found, and holds none that a person let go on', async () => {
    const world = await openInboundWorld(database);
    const order = soldOrder('o1');
    world.channel.orders.set('o1', order);
    await world.poll();
    await world.drain();
    const holds = () =>
      database.read((db) =>
        rows<{ kind: string; source: string }>(
          db,
          sql`select h.kind, h.cause->>'source' as source from order_holds h
              join orders o on o.id = h.order_id and o.shop_id = ${world.shopId} where h.released_at is null`,
        ),
      );
    const readAgain = async (): Promise<void> => {
      await database.run((ctx) =>
        rows(
          ctx.tx,
          sql`update orders set read_started_at = read_started_at - interval '1 hour' where shop_id = ${world.shopId}`,
        ),
      );
      await database.run((ctx) =>
        rows(ctx.tx, sql`update shop_cursors set due_at = ${ctx.now} where shop_id = ${world.shopId}`),
      );
      await askOpenOrders(world.deps, world.session, lease, signal);
      await readOrdersAgain(world.deps, world.session, lease, signal);
    };
    const passTwoMinutes = () =>
      database.run((ctx) =>
        rows(
          ctx.tx,
          sql`update exceptions set opened_at = opened_at - interval '2 minutes' where shop_id = ${world.shopId}`,
        ),
      );
    world.channel.orders.delete('o1');
    await readAgain();
    await readAgain();
    expect(await holds()).toEqual([]);
    await passTwoMinutes();
    await readAgain();
    expect(await holds()).toEqual([{ kind: 'manual', source: 'missing_on_channel' }]);
    world.channel.orders.set('o1', order);
    await readAgain();
    expect(await holds()).toEqual([]);
    expect(await world.openExceptions()).toEqual([]);
    world.channel.orders.delete('o1');
    await readAgain();
    await passTwoMinutes();
    await readAgain();
    expect(await holds()).toHaveLength(1);
    await database.run((ctx) =>
      rows(
        ctx.tx,
        sql`update order_holds h set released_at = ${ctx.now}, released_by = 'token:somebody' from orders o
            where o.id = h.order_id and o.shop_id = ${world.shopId} and h.released_at is null`,
      ),
    );
    await readAgain();
    expect(await holds()).toEqual([]);
  });

  it('reads one by one after a refusal, so that one bad order does not stop the others', async () => {
    const world = await openInboundWorld(database);
    for (const id of ['a', 'b']) {
      world.channel.orders.set(id, soldOrder(id));
      await world.notify(id);
    }
    world.channel.faults.push(new ChannelFault({ kind: 'rejected', code: 'BAD', detail: 'one of them' }));
    for (let pass = 0; pass < 3; pass += 1) await readOrdersAgain(world.deps, world.session, lease, signal);
    expect(world.channel.calls.reads).toEqual([['a', 'b'], ['a'], ['b']]);
    await world.drain();
    expect(await world.orders()).toHaveLength(2);
  });
});
