import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { soldLine, soldOrder } from '../../test/support/factories/channel-order.ts';
import { expectInboxSound, openInboundWorld } from '../../test/support/factories/inbound-world.ts';
import { figures, tellFigure } from '../../test/support/figures.ts';
import { connections, together } from '../../test/support/races/contest.ts';
import { rows } from '../platform/db/index.ts';

const database = useDatabase({ pools: { write: connections } });

it('an order that webhooks tell twice and more, while a poll reads it and workers drain, is one order', async () => {
  const world = await openInboundWorld(database);
  for (let round = 0; round < figures.raceRounds; round += 1) {
    const [first, newest] = [1, 2].map((version) =>
      soldOrder(`o${round}`, { version: String(version), lines: [soldLine('l', { quantity: version })] }),
    );
    if (first === undefined || newest === undefined) throw new Error('no documents');
    world.channel.orders.clear();
    world.channel.orders.set(newest.externalId, newest);
    const outcomes = await together([
      ...[1, 2, 3].map(() => () => world.deliver(first, `first-${round}`)),
      ...[1, 2].map(() => () => world.deliver(newest, `newest-${round}`)),
      () => world.deliver(newest, `again-${round}`),
      () => world.poll(),
      () => world.drain(),
      () => world.drain(),
    ]);
    expect(outcomes.filter((one) => one !== 'done')).toEqual([]);
    await world.drain();
  }
  const found = await world.orders();
  expect(found).toHaveLength(figures.raceRounds);
  expect(new Set(found.map(({ totalMinor }) => totalMinor))).toEqual(new Set([2_000]));
  expect(Object.keys(await world.events()).filter((state) => state === 'pending' || state === 'parked')).toEqual([]);
  await expectInboxSound(database);
  await tellFigure(
    'race: webhooks against a poll',
    `${figures.raceRounds} rounds, ${found.length} orders, 0 violations`,
  );
});

it('an inbox without unique keys stores a redelivery twice, and would be caught', async () => {
  const world = await openInboundWorld(database);
  await database.run((ctx) => rows(ctx.tx, sql`create table keys (dedupe_key text)`));
  const come: (() => void)[] = [];
  const naive = () =>
    database.run(async (ctx) => {
      const known = await rows(ctx.tx, sql`select 1 from keys where dedupe_key = 'd1'`);
      await new Promise<void>((resolve) => {
        come.push(resolve);
        if (come.length > 1) for (const each of come) each();
      });
      if (known.length === 0) await rows(ctx.tx, sql`insert into keys values ('d1')`);
    });
  await Promise.all([naive(), naive()]);
  const twice = await database.read((db) => rows(db, sql`select 1 from keys`));
  const order = soldOrder('twice', { version: '1' });
  await Promise.all(Array.from({ length: connections }, () => world.deliver(order, 'd1')));
  const stored = await world.events();
  expect({ naive: twice.length, stored }).toEqual({ naive: 2, stored: { pending: 1 } });
});

it('a message that others overtook is taken in afterwards; a reader that goes by the last id never sees it', async () => {
  const world = await openInboundWorld(database);
  await world.deliver(soldOrder('late', { version: '1' }), 'late');
  let letGo = (): void => undefined;
  const released = new Promise<void>((resolve) => (letGo = resolve));
  let isHeld = (): void => undefined;
  const held = new Promise<void>((resolve) => (isHeld = resolve));
  const ofShop = sql`shop_id = ${world.shopId}`;
  const holding = database.run(async (ctx) => {
    await rows(ctx.tx, sql`select id from inbox_events where ${ofShop} for update`);
    isHeld();
    await released;
  });
  await held;
  await world.deliver(soldOrder('early', { version: '1' }), 'early');
  await world.drain();
  letGo();
  await holding;
  const naive = await database.read((db) =>
    rows(
      db,
      sql`select id from inbox_events where ${ofShop} and state = 'pending'
            and id > (select id from inbox_events where ${ofShop} and state = 'applied' order by id desc limit 1)`,
    ),
  );
  expect({ naive, waiting: await world.events() }).toEqual({ naive: [], waiting: { applied: 1, pending: 1 } });
  await world.drain();
  expect(await world.events()).toEqual({ applied: 2 });
});
