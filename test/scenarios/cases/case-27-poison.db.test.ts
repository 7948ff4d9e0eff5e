import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { listInbox } from '../../../src/inbound/index.ts';
import { inboundLane } from '../../../src/main/lanes/deployment-lanes.ts';
import { rows } from '../../../src/platform/db/index.ts';
import { useDatabase } from '../../support/database.ts';
import { soldLine, soldOrder } from '../../support/factories/channel-order.ts';
import { expectInboxSound, lease, openInboundWorld, type InboundWorld } from '../../support/factories/inbound-world.ts';

const database = useDatabase();

/** What one document may hold to spoil its batch, and the code it is parked by. */
const poisons: readonly (readonly [what: string, body: (id: string) => string, code: string])[] = [
  ['no JSON', () => '{"externalId":', 'inbox.untranslatable'],
  ['another order', () => JSON.stringify(soldOrder('somebody-else')), 'inbox.other_order'],
  ['an unknown currency', (id) => JSON.stringify(soldOrder(id, { currency: 'QQQ' })), 'inbox.not_an_order'],
  ['a negative quantity', (id) => withLine(id, { quantity: -1 }), 'inbox.not_an_order'],
  ['more units than a column holds', (id) => withLine(id, { quantity: 2 ** 31 }), 'inbox.not_an_order'],
  ['a null character', (id) => JSON.stringify(soldOrder(id, { number: 'N\0' })), 'order.not_applicable'],
  [
    'a day that is none',
    (id) => JSON.stringify(soldOrder(id, { placedAt: '2026-02-31T00:00:00Z' })),
    'inbox.not_an_order',
  ],
];

const withLine = (id: string, facts: Parameters<typeof soldLine>[1]): string =>
  JSON.stringify(soldOrder(id, { lines: [soldLine('line-1', facts)], totalMinor: 1_000 }));

async function causesIn(world: InboundWorld): Promise<Map<string, unknown>> {
  const filters = { shopId: world.shopId, state: 'parked' as const, externalId: null };
  const { items } = await database.read((db) => listInbox(db, { after: null, limit: 200 }, filters));
  return new Map(items.map(({ externalId, cause }) => [externalId ?? '', (cause as { code?: unknown } | null)?.code]));
}

describe('case 27: a poison record', () => {
  test('of any kind is parked with its cause, its bytes kept, while all the others go on', async () => {
    const world = await openInboundWorld(database);
    for (let index = 0; index < 20; index += 1) world.channel.orders.set(`good-${index}`, soldOrder(`good-${index}`));
    for (const [index, [, body]] of poisons.entries()) {
      world.channel.orders.set(`bad-${index}`, soldOrder(`bad-${index}`));
      world.channel.broken.set(`bad-${index}`, body(`bad-${index}`));
    }
    await world.poll();
    await world.poll();
    await world.drain();
    expect(await world.events()).toEqual({ applied: 20, parked: poisons.length });
    const causes = await causesIn(world);
    const named = poisons.map(([what], index) => [what, causes.get(`bad-${index}`)]);
    expect(named).toEqual(poisons.map(([what, , code]) => [what, code]));
    expect((await world.openExceptions()).filter((kind) => kind === 'inbox.parked')).toHaveLength(poisons.length);
    await expectInboxSound(database);
  });

  test('whose stored bytes cannot be opened is parked too, and stops nobody', async () => {
    const world = await openInboundWorld(database);
    for (const id of ['good', 'spoilt']) await world.deliver(soldOrder(id, { version: '1' }), id);
    await database.run((ctx) =>
      rows(
        ctx.tx,
        sql`update inbox_bodies b set ciphertext = ${new Uint8Array(64)} from inbox_events e
            where e.id = b.inbox_event_id and e.shop_id = ${world.shopId} and e.external_id = 'spoilt'`,
      ),
    );
    await world.drain();
    expect(await world.events()).toEqual({ applied: 1, parked: 1 });
    expect([...(await causesIn(world)).values()]).toEqual(['inbox.body_unreadable']);
  });

  test('a shop whose inbox cannot be drained at all waits in its own lane', async () => {
    const [well, sick] = [await openInboundWorld(database), await openInboundWorld(database)];
    for (const world of [well, sick]) await world.deliver(soldOrder('o1', { version: '1' }), 'd1');
    await database.run((ctx) => rows(ctx.tx, sql`update shops set settings = '{}'::jsonb where id = ${sick.shopId}`));
    const lane = inboundLane(well.deps);
    const due = await database.read((db) => lane.due(db, new Date(Date.now() + 1_000)));
    expect(due).toEqual(expect.arrayContaining([`inbound:${well.shopId}`, `inbound:${sick.shopId}`]));
    await expect(lane.drain(`inbound:${sick.shopId}`, lease)).rejects.toMatchObject({ code: 'shop.bad_settings' });
    expect(await lane.drain(`inbound:${well.shopId}`, lease)).toBe('more');
    expect(await lane.drain(`inbound:${well.shopId}`, lease)).toBe('empty');
    expect(await well.orders()).toHaveLength(1);
    expect(await sick.events()).toEqual({ pending: 1 });
  });
});
