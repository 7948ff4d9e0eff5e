import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { soldOrder } from '../../test/support/factories/channel-order.ts';
import { expectInboxSound, lease, openInboundWorld, signal } from '../../test/support/factories/inbound-world.ts';
import { Fault } from '../kernel/index.ts';
import { rows } from '../platform/db/index.ts';
import { readOrdersAgain, receiveWebhook } from './index.ts';

const database = useDatabase({ pools: { write: 12 } });

function request(rawBody: Uint8Array) {
  return { method: 'POST', url: 'http://hub/', headers: new Headers({ 'x-signature': 'good' }), rawBody };
}

describe('webhooks', () => {
  it('case 11: make one order of ten deliveries at once and the same order by poll', async () => {
    const world = await openInboundWorld(database);
    const order = soldOrder('o1', { version: '7' });
    world.channel.orders.set('o1', order);
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.deliver(order, 'd1')));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(9);
    await Promise.all([world.drain(), world.drain(), world.poll()]);
    await Promise.all(Array.from({ length: 10 }, (_, index) => world.deliver(order, `again-${index}`)));
    await Promise.all([world.drain(), world.drain()]);
    await world.drain();
    expect(await world.orders()).toMatchObject([{ externalId: 'o1', version: 1 }]);
    await expectInboxSound(database);
  });

  it('store nothing for a bad signature, an unknown address or a body too large, and answer 410 for a removed shop', async () => {
    const world = await openInboundWorld(database);
    expect((await world.deliver(soldOrder('o1'), 'd', { 'x-signature': 'bad' })).status).toBe(401);
    expect((await receiveWebhook(world.deps, 'unknown', request(new Uint8Array(3)))).status).toBe(404);
    expect((await receiveWebhook(world.deps, world.webhookKey, request(new Uint8Array(2_000_001)))).status).toBe(413);
    await database.run((ctx) =>
      rows(ctx.tx, sql`update shops set state = 'removed', removed_at = ${ctx.now} where id = ${world.shopId}`),
    );
    expect((await world.deliver(soldOrder('o1'), 'd')).status).toBe(410);
    expect(await world.events()).toEqual({});
  });

  it('park what is well signed but cannot be read, and answer 202', async () => {
    const world = await openInboundWorld(database);
    expect((await world.deliver(null, 'd1')).status).toBe(202);
    expect((await world.deliver(null, 'd1')).status).toBe(200);
    expect(await world.events()).toEqual({ parked: 1 });
    expect(await world.openExceptions()).toEqual(['inbox.unreadable']);
  });

  it('answer 503 with Retry-After when the database is away', async () => {
    const world = await openInboundWorld(database);
    const away = {
      ...world.deps.database,
      read: () => Promise.reject(new Fault('unavailable', 'database.unavailable')),
    };
    const answer = await receiveWebhook(
      { ...world.deps, database: away },
      world.webhookKey,
      request(new Uint8Array(3)),
    );
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
  });

  it('without a document only ask for a read, whose answer counts', async () => {
    const world = await openInboundWorld(database);
    world.channel.orders.set('o1', soldOrder('o1'));
    expect((await world.notify('o1')).status).toBe(202);
    expect(await world.events()).toEqual({ applied: 1 });
    expect(await readOrdersAgain(world.deps, world.session, lease, signal)).toEqual({ didWork: true });
    expect(await readOrdersAgain(world.deps, world.session, lease, signal)).toEqual({ didWork: false });
    await world.drain();
    expect(await world.orders()).toHaveLength(1);
  });
});
