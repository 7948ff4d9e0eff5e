import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { soldOrder } from '../../test/support/factories/channel-order.ts';
import { expectInboxSound, openInboundWorld } from '../../test/support/factories/inbound-world.ts';

const database = useDatabase();

/** Nothing makes it shorter, as it would a repeated letter. */
const longId = Array.from({ length: 200 }, (_, index) => createHash('sha256').update(`${index}`).digest('hex')).join(
  '',
);

it('an order whose id no index has room for is parked, and its page goes on', async () => {
  const world = await openInboundWorld(database);
  world.channel.orders.set(longId, soldOrder(longId));
  world.channel.orders.set('o1', soldOrder('o1'));
  await world.poll();
  await world.drain();
  expect((await world.orders()).map(({ externalId }) => externalId)).toEqual(['o1']);
  expect(await world.events()).toEqual({ applied: 1, parked: 1 });
  await expectInboxSound(database);
});

it('a webhook with such an id is kept, parked and known again', async () => {
  const world = await openInboundWorld(database);
  expect((await world.notify(longId)).status).toBe(202);
  expect((await world.notify(longId)).status).toBe(200);
  expect((await world.deliver(soldOrder('o1'), longId)).status).toBe(202);
  expect((await world.deliver(soldOrder('o1'), longId)).status).toBe(200);
  expect(await world.events()).toEqual({ parked: 1, pending: 1 });
  expect(await world.openExceptions()).toEqual(['inbox.unreadable']);
});
