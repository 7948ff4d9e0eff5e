import { beforeEach, describe, expect, it } from 'vitest';
import { useOutbound, type OutboundWorld, type WorldOptions } from '../../test/support/factories/outbound-world.ts';
import { listListings, mapLocations, storeLocations, type ListingRow, type StepResult } from '../channels/index.ts';
import { ChannelFault } from '../connector-kit/index.ts';
import type { SkuId, WarehouseId } from '../kernel/index.ts';
import { createWarehouse, receiveStock, serveShop } from '../stock/index.ts';
import { announceShipments } from './announce-shipments.ts';
import { pushStock, type OrdersReader } from './push-stock.ts';
import { readBackStock } from './read-back-stock.ts';

const bench = useOutbound();
const { channel, clock, database } = bench;
let world: OutboundWorld;
let ordersRead: number;

const open = async (options: WorldOptions): Promise<void> => {
  world = await bench.open(options);
  ordersRead = 0;
};

beforeEach(() => open({}));

const readsAll: OrdersReader = () => {
  ordersRead += 1;
  return Promise.resolve(true);
};

const push = (readNewOrders: OrdersReader = readsAll): Promise<StepResult> => world.run(pushStock(readNewOrders));

/** What the last push said, by listing. */
const lastPush = (): Record<string, number> =>
  Object.fromEntries(
    (channel.told.pushes.at(-1) ?? []).map(({ listingExternalId, quantity }) => [listingExternalId, quantity]),
  );

const listing = async (externalId: string): Promise<ListingRow> => {
  const page = await database.read((db) => listListings(db, { after: null, limit: 50 }, { shopId: world.shopId }));
  const found = page.items.find((each) => each.externalId === externalId);
  if (found === undefined) throw new Error(`no ${externalId}`);
  return found;
};

const receive = (skuId: SkuId, quantity: number, warehouseId: WarehouseId = world.warehouseId): Promise<void> =>
  database.run((ctx) =>
    receiveStock(ctx, [
      { skuId, warehouseId, quantity, unitCost: null, costCurrency: null, lotId: null, note: null },
    ]).then(() => undefined),
  );

describe('the number of a listing', () => {
  it('counts whole packs, rounded down', async () => {
    await open({ units: [100, 59] });
    await push();
    expect(lastPush()).toEqual({ 'listing-1': 100, 'listing-2': 9 });
  });

  it('is nothing where more was sold than there is', async () => {
    await open({ units: [3, 60] });
    await world.sell('A', [['listing-1', 5]]);
    await push();
    expect(lastPush()).toEqual({ 'listing-1': 0, 'listing-2': 10 });
  });

  it('falls by what is sold, before and after it is reserved and shipped', async () => {
    const { orderId } = await world.sell('A', [['listing-1', 4]]);
    await push();
    expect(lastPush()).toMatchObject({ 'listing-1': 96 });
    await world.allocate();
    await world.ship(...(await world.parcels(orderId)));
    await receive(world.skus[0], 1);
    await push();
    expect(lastPush()).toMatchObject({ 'listing-1': 97 });
  });

  it('adds back open units where the channel subtracts them, but for those whose parcel may have arrived there', async () => {
    channel.meaning = 'on_hand';
    await world.sellAndShip('A', [['listing-1', 4]]);
    await push();
    expect(lastPush()).toMatchObject({ 'listing-1': 100 });
    channel.writeFaults.push(new ChannelFault({ kind: 'outcome_unknown' }));
    await world.run(announceShipments);
    await receive(world.skus[0], 1);
    await push();
    expect(lastPush()).toMatchObject({ 'listing-1': 97 });
    clock.advance(60_000);
    await world.run(announceShipments);
    await receive(world.skus[0], 1);
    await push();
    expect(lastPush()).toMatchObject({ 'listing-1': 98 });
  });

  it('is spread over the locations by what each warehouse has free, and sums to what may be bought', async () => {
    const second = await database.run(async (ctx) => {
      const made = await createWarehouse(ctx, {
        code: `L-${world.shopId}`,
        name: 'L',
        countryCode: 'DE',
        timeZone: 'UTC',
      });
      await serveShop(ctx, {
        shopId: world.shopId,
        warehouses: [
          { warehouseId: world.warehouseId, rank: 0 },
          { warehouseId: made.warehouseId, rank: 1 },
        ],
      });
      const places = ['near', 'far'].map((externalId) => ({ externalId, name: externalId }));
      await storeLocations(ctx, world.shopId, places);
      await mapLocations(ctx, world.shopId, [
        { externalId: 'near', warehouseId: world.warehouseId, rank: 0 },
        { externalId: 'far', warehouseId: made.warehouseId, rank: 1 },
      ]);
      return made.warehouseId;
    });
    await receive(world.skus[0], 7, second);
    await world.sell('A', [['listing-1', 105]]);
    await push();
    const told = channel.told.pushes.at(-1)?.find((each) => each.listingExternalId === 'listing-1');
    expect(told).toMatchObject({
      quantity: 2,
      locations: [
        { locationExternalId: 'near', quantity: 2 },
        { locationExternalId: 'far', quantity: 0 },
      ],
    });
    const packs = channel.told.pushes.at(-1)?.find((each) => each.listingExternalId === 'listing-2');
    expect(packs?.locations).toEqual([
      { locationExternalId: 'near', quantity: 10 },
      { locationExternalId: 'far', quantity: 0 },
    ]);
  });
});

describe('a push', () => {
  it('writes down what was told, and is not repeated', async () => {
    expect(await push()).toEqual({ didWork: true });
    const told = await listing('listing-1');
    expect(told).toMatchObject({ toldQuantity: 100, toldVersion: told.wantedVersion, pushFailures: 0 });
    expect(await push()).toEqual({ didWork: false });
    expect(channel.told.pushes).toHaveLength(1);
  });

  it('that fails for one listing alone keeps its cause and its due time, while the others are told', async () => {
    channel.refusedListings.set('listing-1', { code: 'archived', detail: 'the product is archived' });
    await push();
    const refused = await listing('listing-1');
    expect(refused).toMatchObject({ toldVersion: null, pushFailures: 1, pushCause: { code: 'archived' } });
    expect(refused.pushDueAt?.getTime()).toBeGreaterThan(clock.now().getTime());
    expect(await listing('listing-2')).toMatchObject({ toldQuantity: 10, pushFailures: 0, pushCause: null });
    expect(await push()).toEqual({ didWork: false });
    channel.refusedListings.clear();
    clock.advance(600_000);
    await push();
    expect(lastPush()).toEqual({ 'listing-1': 100 });
    expect(await listing('listing-1')).toMatchObject({
      toldQuantity: 100,
      pushFailures: 0,
      pushDueAt: null,
      pushCause: null,
    });
  });

  it('that is answered for one listing only leaves the other to be told later', async () => {
    channel.unanswered.add('listing-1');
    await push();
    expect(await listing('listing-1')).toMatchObject({ toldVersion: null, pushFailures: 1 });
    expect(await listing('listing-2')).toMatchObject({ toldQuantity: 10 });
    expect(await push()).toEqual({ didWork: false });
  });

  it('that times out leaves every listing untold, and its number goes out again', async () => {
    channel.writeFaults.push(new ChannelFault({ kind: 'outcome_unknown' }));
    await push();
    for (const name of ['listing-1', 'listing-2']) {
      expect(await listing(name)).toMatchObject({
        toldVersion: null,
        toldQuantity: null,
        pushFailures: 1,
        pushCause: { code: 'outcome_unknown' },
      });
    }
    clock.advance(600_000);
    await push();
    expect(lastPush()).toEqual({ 'listing-1': 100, 'listing-2': 10 });
  });

  it('acknowledges the version it carried, not one that came meanwhile', async () => {
    channel.duringWrite = () => receive(world.skus[0], 5);
    await push();
    const stale = await listing('listing-1');
    expect(stale).toMatchObject({ toldQuantity: 100 });
    expect(stale.toldVersion).toBeLessThan(stale.wantedVersion);
    channel.duringWrite = () => Promise.resolve();
    await push();
    expect(await listing('listing-1')).toMatchObject({ toldQuantity: 105 });
  });
});

describe('before a number rises', () => {
  it('new orders are taken in, and their units are off the number that is told', async () => {
    await push();
    expect(ordersRead).toBe(1);
    await receive(world.skus[0], 10);
    await push(async () => {
      await world.sell('A', [['listing-1', 3]]);
      return true;
    });
    expect(lastPush()).toEqual({ 'listing-1': 107 });
  });

  it('nothing that rises is told while orders are still on their way; what falls is', async () => {
    await push();
    await receive(world.skus[0], 10);
    await world.sell('A', [['listing-2', 1]]);
    await push(() => Promise.resolve(false));
    expect(lastPush()).toEqual({ 'listing-2': 9 });
    expect(await listing('listing-1')).toMatchObject({ toldQuantity: 100 });
    expect(await push(() => Promise.resolve(false))).toEqual({ didWork: false });
  });

  it('orders are read, and not before one that falls', async () => {
    await push();
    await world.sell('A', [['listing-1', 3]]);
    await push();
    expect(lastPush()).toEqual({ 'listing-1': 97 });
    expect(ordersRead).toBe(1);
  });
});

describe('a location without a warehouse', () => {
  it('stops pushing and says so, until it is mapped', async () => {
    await database.run((ctx) => storeLocations(ctx, world.shopId, [{ externalId: 'new', name: 'New place' }]));
    expect(await push()).toEqual({ didWork: false });
    expect(channel.told.pushes).toEqual([]);
    expect(await world.exceptions()).toEqual(['shop.location_unmapped']);
    await database.run((ctx) =>
      mapLocations(ctx, world.shopId, [{ externalId: 'new', warehouseId: world.warehouseId, rank: 0 }]),
    );
    await push();
    expect(lastPush()).toEqual({ 'listing-1': 100, 'listing-2': 10 });
    expect(await world.exceptions()).toEqual([]);
  });
});

describe('a number that is read back', () => {
  it('and is another than was told is told again, at its own pace', async () => {
    await push();
    channel.shown.set('listing-1', 77);
    await world.run(readBackStock);
    expect(await listing('listing-1')).toMatchObject({ seenQuantity: 77, pushCause: { code: 'stock.drift' } });
    expect(await push()).toEqual({ didWork: false });
    clock.advance(5_000);
    await push();
    expect(lastPush()).toEqual({ 'listing-1': 100 });
    await world.run(readBackStock);
    expect(await listing('listing-1')).toMatchObject({ seenQuantity: 100, pushFailures: 0 });
    expect(await world.run(readBackStock)).toEqual({ didWork: false });
  });

  it('and is not shown any more counts as looked at, and stands as an exception until it is seen again', async () => {
    await push();
    channel.shown.delete('listing-1');
    await world.run(readBackStock);
    expect(await listing('listing-1')).toMatchObject({ seenQuantity: null });
    expect(await world.exceptions()).toEqual(['listing.missing']);
    expect(await world.run(readBackStock)).toEqual({ didWork: false });
    channel.shown.set('listing-1', 100);
    clock.advance(600_001);
    await world.run(readBackStock);
    expect(await listing('listing-1')).toMatchObject({ seenQuantity: 100 });
    expect(await world.exceptions()).toEqual([]);
  });

  it('is read again when it is older than ten minutes', async () => {
    await push();
    await world.run(readBackStock);
    clock.advance(600_001);
    await world.run(readBackStock);
    expect(channel.told.readBacks).toHaveLength(2);
  });
});
