import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { useOutbound, type OutboundWorld } from '../../test/support/factories/outbound-world.ts';
import { shopLane } from '../channels/index.ts';
import { ChannelFault } from '../connector-kit/index.ts';
import { mergeShipments, splitShipment, getShipment } from '../fulfilment/index.ts';
import type { OrderId } from '../kernel/index.ts';
import { rows } from '../platform/db/index.ts';
import { announceShipments } from './announce-shipments.ts';
import { outcomeSettleMsDefault } from './lane.ts';
import { findShopsWithDueWrites } from './queries.ts';

const bench = useOutbound();
const { channel, clock, database, orderTold } = bench;
let world: OutboundWorld;

beforeEach(async () => {
  world = await bench.open({ pushesStock: false });
});

type Row = {
  orderId: OrderId;
  state: string;
  attempts: number;
  externalId: string | null;
  dueInMs: number;
  cause: unknown;
};

const announcements = (): Promise<Row[]> =>
  database.read((db) =>
    rows<Row>(
      db,
      sql`select a.order_id as "orderId", a.state, a.attempts, a.external_id as "externalId", a.cause,
                 (extract(epoch from a.due_at - ${clock.now()}::timestamptz) * 1000)::int8 as "dueInMs"
          from announcements a join orders o on o.id = a.order_id
          where a.shop_id = ${world.shopId} order by o.number, a.id`,
    ),
  );

const isDue = async (): Promise<boolean> =>
  (await database.read((db) => findShopsWithDueWrites(db, clock.now()))).includes(world.shopId);

const announce = () => world.run(announceShipments);

describe('a ship-out', () => {
  it('writes one announcement for each order in the parcel and rings the lane of their shop', async () => {
    const first = await world.sell('A', [['listing-1', 1]]);
    const second = await world.sell('B', [['listing-1', 2]]);
    await world.allocate();
    const parcels = [...(await world.parcels(first.orderId)), ...(await world.parcels(second.orderId))];
    const { shipmentId } = await database.run((ctx) =>
      mergeShipments(ctx, { shipmentIds: parcels.map((parcel) => parcel.shipmentId) }),
    );
    const merged = parcels.find((parcel) => parcel.shipmentId === shipmentId);
    if (merged === undefined) throw new Error('no parcel');
    database.rings.length = 0;
    await world.ship(merged);
    expect(await announcements()).toMatchObject([
      { orderId: first.orderId, state: 'due', attempts: 0 },
      { orderId: second.orderId, state: 'due', attempts: 0 },
    ]);
    expect(database.rings).toContain(shopLane(world.shopId));
    await world.ship(merged);
    expect(await announcements()).toHaveLength(2);
  });

  it('writes none for a channel that cannot be told', async () => {
    world = await bench.open({ channel: 'mute' });
    const order = await world.sellAndShip('A', [['listing-1', 1]]);
    expect(order.fulfilmentState).toBe('shipped');
    expect(await announcements()).toEqual([]);
    expect(await world.run(announceShipments)).toEqual({ didWork: false });
  });
});

describe('an announcement', () => {
  it('stands as sending, due after the settle time, while its call is on its way', async () => {
    await world.sellAndShip('A', [['listing-1', 1]]);
    let during: Row[] = [];
    channel.duringWrite = async () => void (during = await announcements());
    await announce();
    expect(during).toMatchObject([{ state: 'sending', attempts: 1, dueInMs: outcomeSettleMsDefault }]);
  });

  it('that succeeded keeps the package id, counts its units as shown and asks for the order to be read back', async () => {
    const { orderId } = await world.sellAndShip('A', [['listing-1', 3]]);
    expect(await announce()).toEqual({ didWork: true });
    expect(channel.told.announced).toMatchObject([
      { orderExternalId: 'A', carrier: 'DHL', lines: [{ lineExternalId: 'A/1', quantity: 3 }] },
    ]);
    expect(await announcements()).toMatchObject([{ state: 'announced', externalId: 'written-1', cause: null }]);
    expect((await world.order(orderId)).lines).toMatchObject([{ quantity: 3, channelFulfilledQuantity: 3 }]);
    expect(orderTold).toEqual([{ kind: 'order.told', shopId: world.shopId, orderIds: [orderId] }]);
    expect(await announce()).toEqual({ didWork: false });
    expect(channel.told.announced).toHaveLength(1);
  });

  it('left sending by a dead process is sent again after the settle time and not before', async () => {
    await world.sellAndShip('A', [['listing-1', 1]]);
    const dead = new AbortController();
    channel.duringWrite = () => {
      dead.abort();
      return Promise.reject(new Error('killed'));
    };
    await expect(world.run(announceShipments, { signal: dead.signal })).rejects.toThrow('killed');
    channel.duringWrite = () => Promise.resolve();
    expect(await announcements()).toMatchObject([{ state: 'sending', attempts: 1 }]);
    clock.advance(outcomeSettleMsDefault - 1);
    expect(await isDue()).toBe(false);
    expect(await announce()).toEqual({ didWork: false });
    clock.advance(1);
    expect(await isDue()).toBe(true);
    await announce();
    expect(await announcements()).toMatchObject([{ state: 'announced', attempts: 2 }]);
  });

  it('whose outcome is unknown waits the settle time, opens no exception and then settles', async () => {
    const { orderId } = await world.sellAndShip('A', [['listing-1', 1]]);
    channel.writeFaults.push(new ChannelFault({ kind: 'outcome_unknown' }));
    await announce();
    expect(await announcements()).toMatchObject([
      { state: 'unknown', dueInMs: outcomeSettleMsDefault, cause: { code: 'outcome_unknown' } },
    ]);
    expect((await world.order(orderId)).lines).toMatchObject([{ channelFulfilledQuantity: 0 }]);
    expect(await world.exceptions()).toEqual([]);
    expect(orderTold).toEqual([]);
    expect(await announce()).toEqual({ didWork: false });
    clock.advance(outcomeSettleMsDefault);
    await announce();
    expect(await announcements()).toMatchObject([{ state: 'announced', attempts: 2, cause: null }]);
    expect(channel.told.announced[1]).toEqual(channel.told.announced[0]);
  });

  it('that the channel refuses stays shipped, opens an exception and has the order read back', async () => {
    const { orderId } = await world.sellAndShip('A', [['listing-1', 1]]);
    channel.writeFaults.push(new ChannelFault({ kind: 'rejected', code: 'bad_carrier', detail: 'unknown carrier' }));
    await announce();
    expect(await announcements()).toMatchObject([{ state: 'refused', cause: { code: 'bad_carrier' } }]);
    expect(await world.exceptions()).toEqual(['shipment.announce_refused']);
    expect(orderTold).toMatchObject([{ orderIds: [orderId] }]);
    expect((await world.order(orderId)).fulfilmentState).toBe('shipped');
    clock.advance(3_600_000);
    expect(await announce()).toEqual({ didWork: false });
  });

  it('that one order refuses does not keep back the others', async () => {
    for (const name of ['A', 'B']) await world.sellAndShip(name, [['listing-1', 1]]);
    channel.writeFaults.push(new ChannelFault({ kind: 'rejected', code: 'closed', detail: 'order is closed' }));
    await announce();
    expect((await announcements()).map(({ state }) => state)).toEqual(['refused', 'announced']);
  });

  it('behind one that meets a closed shop is given back unsent, and keeps its attempts', async () => {
    for (const name of ['A', 'B', 'C']) await world.sellAndShip(name, [['listing-1', 1]]);
    channel.writeFaults.push(new ChannelFault({ kind: 'rate_limited', retryAfterMs: 30_000 }));
    expect(await announce()).toEqual({ didWork: true });
    expect(channel.told.announced).toHaveLength(1);
    expect(await announcements()).toMatchObject([
      { state: 'due', attempts: 1, dueInMs: 30_000, cause: { code: 'rate_limited' } },
      { state: 'due', attempts: 0, dueInMs: 0, cause: null },
      { state: 'due', attempts: 0, dueInMs: 0, cause: null },
    ]);
  });

  it('is not sent after one that timed out: a shop that hangs is called once, and then rests', async () => {
    for (const name of ['A', 'B']) await world.sellAndShip(name, [['listing-1', 1]]);
    channel.writeFaults.push(new ChannelFault({ kind: 'outcome_unknown' }));
    await announce();
    expect(channel.told.announced).toHaveLength(1);
    expect(await announcements()).toMatchObject([
      { state: 'unknown', attempts: 1 },
      { state: 'due', attempts: 0, dueInMs: 0 },
    ]);
  });
});

describe('a six-pack that leaves in two parcels', () => {
  it('is announced once, by the parcel that completes it', async () => {
    const { orderId } = await world.sell('A', [['listing-2', 1]]);
    await world.allocate();
    const [whole] = await world.parcels(orderId);
    if (whole === undefined) throw new Error('no parcel');
    const line = (await database.read((db) => getShipment(db, whole.shipmentId)))?.lines[0];
    if (line === undefined) throw new Error('no line');
    await database.run((ctx) =>
      splitShipment(ctx, {
        shipmentId: whole.shipmentId,
        lines: [{ shipmentLineId: line.shipmentLineId, quantity: 2 }],
      }),
    );
    const [half, rest] = await world.parcels(orderId);
    if (half === undefined || rest === undefined) throw new Error('no halves');
    await world.ship(half);
    await announce();
    expect(channel.told.announced).toEqual([]);
    expect(await announcements()).toMatchObject([{ state: 'announced', externalId: null }]);
    await world.ship(rest);
    await announce();
    expect(channel.told.announced).toMatchObject([{ lines: [{ lineExternalId: 'A/1', quantity: 1 }] }]);
    expect((await world.order(orderId)).lines).toMatchObject([{ channelFulfilledQuantity: 1 }]);
  });

  it('of half a six-pack completes it whichever half is announced last', async () => {
    const { orderId } = await world.sell('A', [['listing-2', 1]]);
    await world.allocate();
    const [whole] = await world.parcels(orderId);
    if (whole === undefined) throw new Error('no parcel');
    const line = (await database.read((db) => getShipment(db, whole.shipmentId)))?.lines[0];
    if (line === undefined) throw new Error('no line');
    const lines = [{ shipmentLineId: line.shipmentLineId, quantity: 2 }];
    await database.run((ctx) => splitShipment(ctx, { shipmentId: whole.shipmentId, lines }));
    const [first, second] = await world.parcels(orderId);
    if (first === undefined || second === undefined) throw new Error('no halves');
    await world.ship(first);
    await database.run((ctx) =>
      rows(ctx.tx, sql`update announcements set due_at = ${new Date(ctx.now.getTime() + 60_000)}`),
    );
    await world.ship(second);
    await announce();
    expect(channel.told.announced).toEqual([]);
    clock.advance(60_000);
    await announce();
    expect(channel.told.announced).toMatchObject([{ lines: [{ lineExternalId: 'A/1', quantity: 1 }] }]);
  });

  it('waits while the outcome of another parcel of its order is open', async () => {
    const { orderId } = await world.sell('A', [['listing-1', 2]]);
    await world.allocate();
    const [whole] = await world.parcels(orderId);
    if (whole === undefined) throw new Error('no parcel');
    const line = (await database.read((db) => getShipment(db, whole.shipmentId)))?.lines[0];
    if (line === undefined) throw new Error('no line');
    const lines = [{ shipmentLineId: line.shipmentLineId, quantity: 1 }];
    await database.run((ctx) => splitShipment(ctx, { shipmentId: whole.shipmentId, lines }));
    await world.ship(...(await world.parcels(orderId)));
    channel.writeFaults.push(new ChannelFault({ kind: 'outcome_unknown' }));
    await announce();
    expect(await announce()).toEqual({ didWork: false });
    expect(channel.told.announced).toHaveLength(1);
    clock.advance(outcomeSettleMsDefault);
    await announce();
    await announce();
    expect((await announcements()).map(({ state }) => state)).toEqual(['announced', 'announced']);
  });

  it('whose retry does not get through stays unknown, so that its units are not added back', async () => {
    await world.sellAndShip('A', [['listing-1', 1]]);
    channel.writeFaults.push(new ChannelFault({ kind: 'outcome_unknown' }), new ChannelFault({ kind: 'unavailable' }));
    await announce();
    clock.advance(outcomeSettleMsDefault);
    await announce();
    expect(await announcements()).toMatchObject([{ state: 'unknown', attempts: 2, cause: { code: 'unavailable' } }]);
  });

  it('given back because the shop is away keeps its open outcome', async () => {
    await world.sellAndShip('A', [['listing-1', 1]]);
    await world.sellAndShip('B', [['listing-1', 1]]);
    const [away, unknown] = [new ChannelFault({ kind: 'unavailable' }), new ChannelFault({ kind: 'outcome_unknown' })];
    await database.run((ctx) => rows(ctx.tx, sql`update announcements set state = 'unknown', attempts = 1`));
    channel.writeFaults.push(away, unknown);
    await announce();
    expect((await announcements()).map(({ state }) => state)).toEqual(['unknown', 'unknown']);
    expect(channel.told.announced).toHaveLength(1);
  });
});
