import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { soldLine, soldOrder } from '../../test/support/factories/channel-order.ts';
import { expectInboxSound, openInboundWorld, type InboundWorld } from '../../test/support/factories/inbound-world.ts';
import { openShop } from '../channels/index.ts';
import type { InboxEventId } from '../kernel/index.ts';
import { firstRow, rows } from '../platform/db/index.ts';
import { everything, findReplayable, translateAgain } from './index.ts';

const database = useDatabase();
let world: InboundWorld;

beforeEach(async () => {
  world = await openInboundWorld(database);
});

const events = (state: 'done' | 'parked' | 'any' = 'done') =>
  database.read((db) => findReplayable(db, { ...everything, state, shopId: world.shopId }));

/** A replay by this program, whose connector says the buyer's total differently once it was corrected. */
async function replay(
  ids: readonly InboxEventId[],
  corrected: (order: Record<string, unknown>) => Record<string, unknown>,
) {
  const { connector } = world.channel;
  const toChannelOrder = (body: string, settings: unknown) =>
    corrected({ ...connector.orders.toChannelOrder(body, settings) });
  const cured = { ...connector, orders: { ...connector.orders, toChannelOrder } };
  const deps = { ...world.deps, connectors: new Map([['plain', cured as typeof connector]]) };
  const session = await database.read((db) => openShop(db, deps, world.shopId));
  return database.run((ctx) => translateAgain(ctx, deps, session, ids));
}

const versions = () =>
  database.read((db) =>
    rows<{ version: number; inboxEventId: string | null }>(
      db,
      sql`select v.version, v.inbox_event_id as "inboxEventId" from order_versions v
          join orders o on o.id = v.order_id and o.shop_id = ${world.shopId} order by v.version`,
    ),
  );

describe('translating an applied message again', () => {
  it('changes nothing where it says the same: no version, no timeline, no new state', async () => {
    await world.deliver(soldOrder('o1', { version: '1' }), 'd1');
    await world.drain();
    const [event] = await events();
    expect(event).toMatchObject({ state: 'applied', means: 'ready', externalId: 'o1' });
    const ids = [event?.eventId ?? ('' as InboxEventId)];
    const before = await world.orders();
    expect(await replay(ids, (order) => order)).toEqual([{ eventId: ids[0], outcome: 'unchanged', cause: null }]);
    expect(await world.orders()).toEqual(before);
    expect(await versions()).toHaveLength(1);
    expect(await world.events()).toEqual({ applied: 1 });
    await expectInboxSound(database);
  });

  it('applies what a corrected connector makes of the same bytes, once, though the order was read again since', async () => {
    await world.deliver(soldOrder('o1', { version: '1' }), 'd1');
    await world.drain();
    const later = new Date(Date.now() + 60_000);
    await database.run((ctx) =>
      rows(ctx.tx, sql`update orders set read_started_at = ${later} where shop_id = ${world.shopId}`),
    );
    const ids = (await events()).map(({ eventId }) => eventId);
    const corrected = (order: Record<string, unknown>) => ({ ...order, shippingService: 'express' });
    expect(await replay(ids, corrected)).toMatchObject([{ outcome: 'changed' }]);
    expect(await replay(ids, corrected)).toMatchObject([{ outcome: 'unchanged' }]);
    expect(await world.orders()).toMatchObject([{ version: 2, readStartedAt: later }]);
    expect(await versions()).toMatchObject([{ inboxEventId: ids[0] }, { inboxEventId: null }]);
    const order = await database.read((db) =>
      firstRow(db, sql`select shipping_service as service from orders where shop_id = ${world.shopId}`),
    );
    expect(order).toEqual({ service: 'express' });
    await expectInboxSound(database);
  });

  it('lets an older message of an order change nothing, and takes the newest of several', async () => {
    for (const quantity of [1, 2]) {
      await world.deliver(
        soldOrder('o1', { version: String(quantity), lines: [soldLine('l1', { quantity })] }),
        `d${quantity}`,
      );
      await world.drain();
    }
    const found = await events();
    const outcomes = await replay(
      found.map(({ eventId }) => eventId),
      (order) => ({ ...order, shippingService: 'express' }),
    );
    expect(new Map(outcomes.map(({ eventId, outcome }) => [eventId, outcome]))).toEqual(
      new Map([
        [found[0]?.eventId, 'older'],
        [found[1]?.eventId, 'changed'],
      ]),
    );
    const oldest = found.slice(0, 1).map(({ eventId }) => eventId);
    expect(await replay(oldest, (order) => order)).toMatchObject([{ outcome: 'older' }]);
    expect(await world.orders()).toMatchObject([{ version: 3, totalMinor: 2_000 }]);
    await expectInboxSound(database);
  });

  it('names those whose bytes are gone, those without a document, and those that cannot be translated any more', async () => {
    await world.deliver(soldOrder('o1', { version: '1' }), 'd1');
    await world.deliver(soldOrder('o2', { version: '1' }), 'd2');
    await world.notify('o3');
    await world.drain();
    await database.run((ctx) =>
      rows(
        ctx.tx,
        sql`delete from inbox_bodies b using inbox_events e
            where e.id = b.inbox_event_id and e.shop_id = ${world.shopId} and e.external_id = 'o1'`,
      ),
    );
    const found = await events();
    expect(found.map(({ externalId, means }) => [externalId, means])).toEqual(
      expect.arrayContaining([
        ['o1', 'body_gone'],
        ['o2', 'ready'],
        ['o3', 'no_document'],
      ]),
    );
    const outcomes = await replay(
      found.map(({ eventId }) => eventId),
      () => ({}),
    );
    const outcomeOf = (externalId: string) =>
      outcomes.find(({ eventId }) => eventId === found.find((event) => event.externalId === externalId)?.eventId);
    expect(outcomeOf('o1')).toMatchObject({ outcome: 'body_gone' });
    expect(outcomeOf('o2')).toMatchObject({ outcome: 'failed', cause: { code: 'inbox.not_an_order' } });
    expect(outcomeOf('o3')).toBeUndefined();
    expect(await world.orders()).toHaveLength(2);
  });
});
