import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { documentOf, receiverOf, soldLine, soldOrder } from '../../../test/support/factories/channel-order.ts';
import {
  addSkus, connectPlainShop, createPlainChannel, listItems, plainDeps, stockUp,
} from '../../../test/support/factories/plain-channel.ts';
import { useDatabase } from '../../../test/support/database.ts';
import type { ShopDeps } from '../../channels/index.ts';
import type { ChannelOrder } from '../../connector-kit/index.ts';
import type { OrderId, PartId, ShopId, SkuId } from '../../kernel/index.ts';
import {
  findOrder, getOrder, keepTombstones, mapWaitingLines, markPartsShipped, orderChecks, readReceiver, releaseHolds, type OrderDetail,
} from '../../orders/index.ts';
import { rows } from '../../platform/db/index.ts';
import { availableToPromise, readDemand } from '../../stock/index.ts';
import { advanceShipments, allocate, listShipments } from '../index.ts';
import { takeInOrders } from './take-in-orders.ts';
import { mapListings, resolveListings } from '../../channels/index.ts';

const database = useDatabase();
let serial = 0;

type World = { deps: ShopDeps; shopId: ShopId; skus: SkuId[] };

/** A shop of its own with listing-1 and listing-2 mapped (the second a six-pack) and listing-3 not. */
async function openWorld(claimsAt: 'placed' | 'paid' = 'placed', units = 100): Promise<World> {
  serial += 1;
  const deps = plainDeps(database, createPlainChannel());
  const { shopId } = await connectPlainShop(database, deps, claimsAt);
  const skus = await addSkus(database, [`A-${serial}`, `B-${serial}`, `C-${serial}`]);
  const [a, b] = skus;
  if (a === undefined || b === undefined) throw new Error('no skus');
  await listItems(database, shopId, [
    { externalId: 'listing-1', skuId: a },
    { externalId: 'listing-2', skuId: b, multiplier: 6 },
    { externalId: 'listing-3' },
  ]);
  await stockUp(database, [shopId], new Map([[a, units], [b, units]]), `WH-${serial}`);
  return { deps, shopId, skus };
}

function takeIn({ deps, shopId }: World, ...documents: [ChannelOrder, number?][]) {
  return database.run((ctx) => takeInOrders(ctx, deps, shopId, documents.map(([order, atMs]) => documentOf(order, atMs))));
}

async function read(world: World, externalId: string): Promise<OrderDetail> {
  const found = await database.read((db) =>
    rows<{ id: OrderId }>(db, sql`select id from orders where shop_id = ${world.shopId} and external_id = ${externalId}`),
  );
  expect(found).toHaveLength(1);
  const order = await database.read((db) => getOrder(db, found[0]?.id as OrderId));
  return order;
}

async function unitsOf(order: OrderDetail) {
  const parts = order.lines.flatMap((line) => line.parts);
  const demand = await database.read((db) => readDemand(db, parts.map((part) => part.id)));
  return parts.map((part) => ({
    ordered: part.ordered,
    cancelled: part.cancelled,
    shipped: part.shipped,
    elsewhere: part.shippedElsewhere,
    demand: demand.get(part.id)?.quantity,
    isHeld: demand.get(part.id)?.isHeld,
    claims: demand.get(part.id)?.claims,
  }));
}

async function expectSound(): Promise<void> {
  for (const check of orderChecks) {
    const result = await database.read((db) => check.run(db));
    expect({ check: check.name, differences: result.differences }).toEqual({ check: check.name, differences: [] });
  }
}

const open = { cancelled: 0, shipped: 0, elsewhere: 0, isHeld: false, claims: true };

describe('taking in orders', () => {
  it('claims the units of every mapped line at once, in SKU units', async () => {
    const world = await openWorld();
    const lines = [soldLine('1', { quantity: 2 }), soldLine('2', { listingExternalId: 'listing-2', quantity: 3 })];
    const results = await takeIn(world, [soldOrder('o1', { lines })]);
    expect(results).toEqual([{ externalId: 'o1', outcome: 'created', cause: null }]);
    const order = await read(world, 'o1');
    expect(await unitsOf(order)).toEqual([
      { ...open, ordered: 2, demand: 2 },
      { ...open, ordered: 18, demand: 18 },
    ]);
    const promise = await database.read((db) => availableToPromise(db, world.shopId, world.skus));
    expect([promise.get(world.skus[0] as SkuId), promise.get(world.skus[1] as SkuId)]).toEqual([98, 82]);
    expect(order.timeline.map((entry) => entry.kind)).toEqual(['taken_in', 'paid']);
    expect(order.placedAtSource).toBe('2026-11-20T10:00:00.123456Z');
    await expectSound();
  });

  it('keeps an order that is told ten times as one', async () => {
    const world = await openWorld();
    for (let time = 0; time < 10; time += 1) await takeIn(world, [soldOrder('o1'), time]);
    const order = await read(world, 'o1');
    expect(order.version).toBe(1);
    expect(order.timeline.filter((entry) => entry.kind === 'taken_in')).toHaveLength(1);
    expect(order.readStartedAt).toEqual(documentOf(soldOrder('o1'), 9).readStartedAt);
  });

  it('keeps an order that ten transactions bring at once as one', async () => {
    const world = await openWorld();
    const results = await Promise.all(Array.from({ length: 10 }, (_, index) => takeIn(world, [soldOrder('race'), index])));
    expect(results.flat().filter((result) => result.outcome === 'created')).toHaveLength(1);
    const order = await read(world, 'race');
    expect(await unitsOf(order)).toEqual([{ ...open, ordered: 1, demand: 1 }]);
    await expectSound();
  });

  it('holds an unpaid order, claims as the shop deducts, and lets it go when it is paid', async () => {
    for (const claimsAt of ['placed', 'paid'] as const) {
      const world = await openWorld(claimsAt);
      await takeIn(world, [soldOrder('o1', { paymentState: 'unpaid', paidAt: null })]);
      const before = await read(world, 'o1');
      expect(before.holds).toEqual(['unpaid']);
      expect(await unitsOf(before)).toEqual([{ ...open, ordered: 1, demand: 1, isHeld: true, claims: claimsAt === 'placed' }]);
      await takeIn(world, [soldOrder('o1'), 1]);
      const after = await read(world, 'o1');
      expect(after.holds).toEqual([]);
      expect(await unitsOf(after)).toEqual([{ ...open, ordered: 1, demand: 1 }]);
      expect(after.timeline.map((entry) => entry.kind)).toContain('paid');
    }
  });

  it('does not hold again what a person let pass', async () => {
    const world = await openWorld();
    const fraud: Partial<ChannelOrder> = { holds: ['fraud'] };
    await takeIn(world, [soldOrder('o1', fraud)]);
    const order = await read(world, 'o1');
    await database.transact({ actor: { kind: 'token', id: 't1', name: 'Ada', scopes: ['*'] } }, (ctx) =>
      releaseHolds(ctx, [{ orderId: order.id, kind: 'fraud' }]),
    );
    await takeIn(world, [soldOrder('o1', { ...fraud, buyerNote: 'please hurry' }), 1]);
    expect((await read(world, 'o1')).holds).toEqual([]);
  });

  it('lets an unmapped order wait whole and resume by itself', async () => {
    const world = await openWorld();
    const lines = [soldLine('1'), soldLine('2', { listingExternalId: 'listing-3', quantity: 2 })];
    await takeIn(world, [soldOrder('o1', { lines })]);
    const before = await read(world, 'o1');
    expect(before.holds).toEqual(['unmapped']);
    expect(await unitsOf(before)).toEqual([{ ...open, ordered: 1, demand: 1, isHeld: true }]);
    await database.run(async (ctx) => {
      const listing = (await resolveListings(ctx.tx, world.shopId, ['listing-3'])).get('listing-3');
      if (listing === undefined) throw new Error('no listing');
      await mapListings(ctx, [{ listingId: listing.listingId, skuId: world.skus[2] as SkuId, multiplier: 4 }]);
    });
    expect(await database.run((ctx) => mapWaitingLines(ctx, 100))).toBe(1);
    expect(await database.run((ctx) => mapWaitingLines(ctx, 100))).toBe(0);
    const after = await read(world, 'o1');
    expect(after.holds).toEqual([]);
    expect(await unitsOf(after)).toEqual([
      { ...open, ordered: 1, demand: 1 },
      { ...open, ordered: 8, demand: 8 },
    ]);
    await expectSound();
  });

  it('parks a document that no order can be and takes in its neighbours', async () => {
    const world = await openWorld();
    const bad = soldOrder('bad', { lines: [soldLine('1', { quantity: 1, cancelledQuantity: 2 })] });
    const huge = soldOrder('huge', { lines: [soldLine('1', { listingExternalId: 'listing-2', quantity: 1_000_000_000 })] });
    const results = await takeIn(world, [soldOrder('o1')], [bad], [huge], [soldOrder('o2')]);
    const outcomes = new Map(results.map((result) => [result.externalId, result]));
    expect([...outcomes.values()].map((result) => result.outcome).sort()).toEqual(['created', 'created', 'parked', 'parked']);
    expect(outcomes.get('bad')?.cause).toMatchObject({ code: 'order.cancelled_too_many' });
    expect(outcomes.get('huge')?.cause).toMatchObject({ code: 'order.quantity_too_large' });
    await expectSound();
  });

  it('bisects a batch whose failure nobody foresaw and parks only the culprit', async () => {
    const world = await openWorld();
    const orders = Array.from({ length: 20 }, (_, index) => soldOrder(`o${index}`));
    const culprit = soldOrder('culprit', { paidAt: '2026-11-20T10:00:00Z', buyerNote: 'bad \u0000 byte' });
    const results = await takeIn(world, ...[...orders.slice(0, 7), culprit, ...orders.slice(7)].map((order) => [order] as [ChannelOrder]));
    expect(results.filter((result) => result.outcome === 'created')).toHaveLength(20);
    expect(results.filter((result) => result.outcome === 'parked').map((result) => result.externalId)).toEqual(['culprit']);
    await expectSound();
  });

  it('takes in two shops with the same order number and the same item apart', async () => {
    const [one, two] = [await openWorld(), await openWorld()];
    await takeIn(one, [soldOrder('1001', { number: 'SAME' })]);
    await takeIn(two, [soldOrder('1001', { number: 'SAME', lines: [soldLine('line-1', { quantity: 3 })] })]);
    expect(await database.read((db) => findOrder(db, 'SAME'))).toHaveLength(2);
    expect((await unitsOf(await read(one, '1001')))[0]?.ordered).toBe(1);
    expect((await unitsOf(await read(two, '1001')))[0]?.ordered).toBe(3);
  });

  it('keeps every digit of ids with nineteen and twenty digits', async () => {
    const world = await openWorld();
    const [order, line] = ['9223372036854775807', '18446744073709551615'];
    await takeIn(world, [soldOrder(order, { number: '9007199254740993', lines: [soldLine(line)] })]);
    const found = await read(world, order);
    expect([found.externalId, found.externalNumber, found.lines[0]?.externalId]).toEqual([order, '9007199254740993', line]);
  });
});

describe('the order of documents', () => {
  const paid = soldOrder('o1');
  const cancelled = soldOrder('o1', { cancelledAt: '2026-11-20T12:00:00Z', cancelReason: 'changed my mind' });

  it('ignores an older update that comes after a newer one', async () => {
    const world = await openWorld();
    await takeIn(world, [cancelled, 2]);
    expect(await takeIn(world, [paid, 1])).toEqual([{ externalId: 'o1', outcome: 'older', cause: null }]);
    const order = await read(world, 'o1');
    expect(order.cancelledAt).not.toBeNull();
    expect(await unitsOf(order)).toEqual([{ ...open, ordered: 1, cancelled: 1, demand: 0 }]);
  });

  it('trusts the version before the time of the read', async () => {
    const world = await openWorld();
    await takeIn(world, [soldOrder('o1', { version: '18446744073709551616' }), 1]);
    const late = soldOrder('o1', { version: '9', buyerNote: 'older' });
    expect((await takeIn(world, [late, 5]))[0]?.outcome).toBe('older');
    const next = soldOrder('o1', { version: '18446744073709551617', buyerNote: 'newer' });
    expect((await takeIn(world, [next, 0]))[0]?.outcome).toBe('updated');
  });

  it('applies a content that went from A to B and back to A', async () => {
    const world = await openWorld();
    const other = soldOrder('o1', { lines: [soldLine('line-1', { quantity: 4 })] });
    await takeIn(world, [paid, 1]);
    await takeIn(world, [other, 2]);
    expect((await takeIn(world, [paid, 3]))[0]?.outcome).toBe('updated');
    const order = await read(world, 'o1');
    expect([order.version, order.totalMinor, order.lines[0]?.quantity]).toEqual([3, 1_000, 1]);
    expect((await unitsOf(order))[0]).toMatchObject({ ordered: 4, cancelled: 3, demand: 1 });
    await expectSound();
  });

  it('stores an order whose cancel notice came first as cancelled, and believes a later read', async () => {
    const world = await openWorld();
    await database.run((ctx) => keepTombstones(ctx, world.shopId, [{ externalId: 'o1', cancelledAt: new Date(), reason: 'notice' }]));
    await takeIn(world, [paid, 1]);
    const order = await read(world, 'o1');
    expect([order.cancelReason, (await unitsOf(order))[0]?.demand]).toEqual(['notice', 0]);
    const later = documentOf(soldOrder('o1', { buyerNote: 'still wanted' }));
    await database.run((ctx) =>
      takeInOrders(ctx, world.deps, world.shopId, [{ ...later, readStartedAt: new Date(ctx.now.getTime() + 1_000) }]),
    );
    const reopened = await read(world, 'o1');
    expect([reopened.cancelledAt, (await unitsOf(reopened))[0]?.demand]).toEqual([null, 1]);
    await expectSound();
  });
});

describe('edits', () => {
  async function reserved(world: World, order: ChannelOrder): Promise<OrderDetail> {
    await takeIn(world, [order]);
    await database.run((ctx) => allocate(ctx, 100));
    return read(world, order.externalId);
  }

  it('adds, raises, lowers and removes lines, and the units follow', async () => {
    const world = await openWorld();
    await takeIn(world, [soldOrder('o1', { lines: [soldLine('a', { quantity: 3 }), soldLine('b', { quantity: 2 })] })]);
    const edited = [soldLine('a', { quantity: 5 }), soldLine('c', { listingExternalId: 'listing-2' })];
    await takeIn(world, [soldOrder('o1', { lines: edited }), 1]);
    const order = await read(world, 'o1');
    expect(await unitsOf(order)).toEqual(
      expect.arrayContaining([
        { ...open, ordered: 5, demand: 5 },
        { ...open, ordered: 2, cancelled: 2, demand: 0 },
        { ...open, ordered: 6, demand: 6 },
      ]),
    );
    expect(order.totalMinor).toBe(6_000);
    expect(order.timeline.map((entry) => entry.kind)).toContain('edited');
    await takeIn(world, [soldOrder('o1', { lines: [soldLine('a', { quantity: 1 })] }), 2]);
    expect((await unitsOf(await read(world, 'o1')))[0]).toMatchObject({ ordered: 5, cancelled: 4, demand: 1 });
    await expectSound();
  });

  it('takes reserved units back for a cancel before packing', async () => {
    const world = await openWorld();
    const before = await reserved(world, soldOrder('o1', { lines: [soldLine('a', { quantity: 3 })] }));
    expect((await unitsOf(before))[0]?.demand).toBe(0);
    await takeIn(world, [soldOrder('o1', { lines: [soldLine('a', { quantity: 3, cancelledQuantity: 2 })] }), 1]);
    const order = await read(world, 'o1');
    expect((await unitsOf(order))[0]).toMatchObject({ ordered: 3, cancelled: 2, demand: 0 });
    const promise = await database.read((db) => availableToPromise(db, world.shopId, world.skus));
    expect(promise.get(world.skus[0] as SkuId)).toBe(99);
    await expectSound();
  });

  it('leaves a packed parcel as it is when the order is cancelled, and holds the order for a person', async () => {
    const world = await openWorld();
    await reserved(world, soldOrder('o1'));
    const shipments = await database.read((db) => listShipments(db, { after: null, limit: 200 }));
    const mine = shipments.items.at(0);
    if (mine === undefined) throw new Error('no shipment');
    for (const to of ['released', 'picked', 'packed'] as const) {
      await database.run((ctx) => advanceShipments(ctx, { shipmentIds: [mine.shipmentId], to }));
    }
    await takeIn(world, [soldOrder('o1', { cancelledAt: '2026-11-20T12:00:00Z' }), 1]);
    const order = await read(world, 'o1');
    expect((await unitsOf(order))[0]).toMatchObject({ ordered: 1, cancelled: 0, demand: 0 });
    expect(order.holds).toContain('manual');
    expect(order.timeline.map((entry) => entry.kind)).toContain('change_too_late');
    await expectSound();
  });

  it('plans the parcel anew when the address changes before packing', async () => {
    const world = await openWorld();
    await reserved(world, soldOrder('o1'));
    await takeIn(world, [soldOrder('o1', { receiver: receiverOf({ city: 'Bremen', lines: ['Weserweg 2'] }) }), 1]);
    const order = await read(world, 'o1');
    expect((await unitsOf(order))[0]?.demand).toBe(1);
    expect(order.receiver?.city).toBe('Bremen');
    expect(order.timeline.map((entry) => entry.kind)).toContain('address_changed');
    await expectSound();
  });

  it('never overwrites a stored address with an empty or a masked one', async () => {
    const world = await openWorld();
    await takeIn(world, [soldOrder('o1')]);
    await takeIn(world, [soldOrder('o1', { receiver: receiverOf({ phone: '', city: '', lines: [] }) }), 1]);
    const masked = { ...receiverOf({ name: 'A***', lines: ['***'] }), sourcePolicy: 'masked' as const };
    await takeIn(world, [soldOrder('o1', { receiver: masked }), 2]);
    await takeIn(world, [soldOrder('o1', { receiver: null, buyerNote: 'x' }), 3]);
    const order = await read(world, 'o1');
    const receiver = await database.read((db) => readReceiver(db, world.deps.keyring, order.id));
    expect(receiver?.address).toEqual(receiverOf().address);
    expect(order.receiver).toEqual({ name: 'A**', phone: '***4567', city: 'Hamburg', region: '', postalCode: '20457', countryCode: 'DE' });
    expect(order.holds).toEqual([]);
  });

  it('keeps the amounts as first sold when the channel zeroes a cancelled order', async () => {
    const world = await openWorld();
    const full = soldOrder('o1', { shipping: [{ externalId: 's', title: 'Post', amountMinor: 500, taxes: [] }], totalMinor: 1_500 });
    const zeroed = soldOrder('o1', {
      lines: [soldLine('line-1', { amountMinor: 0, cancelledQuantity: 1 })],
      totalMinor: 0,
      amountsAreReduced: true,
      cancelledAt: '2026-11-20T12:00:00Z',
    });
    await takeIn(world, [full]);
    await takeIn(world, [zeroed, 1]);
    const order = await read(world, 'o1');
    expect([order.totalMinor, order.linesMinor, order.shippingMinor, order.lines[0]?.amountMinor]).toEqual([1_500, 1_000, 500, 1_000]);
    expect(order.cancelledAt).not.toBeNull();
    await expectSound();
  });
});

describe('units that left elsewhere', () => {
  it('does not ship what the channel already shows as fulfilled', async () => {
    const world = await openWorld();
    await takeIn(world, [soldOrder('o1', { lines: [soldLine('a', { quantity: 3, fulfilledQuantity: 2 })] })]);
    const order = await read(world, 'o1');
    expect((await unitsOf(order))[0]).toMatchObject({ ordered: 3, cancelled: 2, elsewhere: 2, demand: 1 });
    expect(order.fulfilmentState).toBe('partly_shipped');
    expect(order.timeline.map((entry) => entry.kind)).toContain('fulfilled_elsewhere');
    await expectSound();
  });

  it('does not take our own parcel for somebody else’s, however late the channel shows it', async () => {
    const world = await openWorld();
    const sold = (fulfilledQuantity: number, note: string): ChannelOrder =>
      soldOrder('o1', { buyerNote: note, lines: [soldLine('a', { quantity: 3, fulfilledQuantity })] });
    await takeIn(world, [sold(0, 'a')]);
    await takeIn(world, [sold(1, 'b'), 1]);
    const part = (await read(world, 'o1')).lines[0]?.parts[0]?.id as PartId;
    // As a ship-out of two units here does: demand and part move together.
    await database.run(async (ctx) => {
      await rows(ctx.tx, sql`update stock_demand set quantity = quantity - 2 where part_id = ${part}`);
      await markPartsShipped(ctx, [{ partId: part, quantity: 2 }]);
    });
    for (const [shown, atMs] of [[1, 2], [3, 3], [3, 4]] as const) {
      await takeIn(world, [sold(shown, `c${atMs}`), atMs]);
      const order = await read(world, 'o1');
      expect((await unitsOf(order))[0]).toMatchObject({ ordered: 3, cancelled: 1, shipped: 2, elsewhere: 1, demand: 0 });
      expect(order.fulfilmentState).toBe('shipped');
    }
    await expectSound();
  });

  it('ships one parcel’s worth when the channel splits an order, whichever document comes first', async () => {
    const parent = soldOrder('p', { lines: [soldLine('1', { quantity: 3 })] });
    const parts = [1, 2].map((quantity) =>
      soldOrder(`p-${quantity}`, { partOfExternalId: 'p', lines: [soldLine('1', { quantity })] }),
    );
    const arrivals = [[[parent], parts], [parts, [parent]], [[parent, ...parts]], [[...parts, parent]], [[parts[0] as ChannelOrder], [parent], [parts[1] as ChannelOrder]]];
    for (const batches of arrivals) {
      const world = await openWorld();
      for (const batch of batches) await takeIn(world, ...batch.map((order) => [order] as [ChannelOrder]));
      const orders = await Promise.all(['p', 'p-1', 'p-2'].map((id) => read(world, id)));
      const units = (await Promise.all(orders.map(unitsOf))).flat();
      expect(units.map((unit) => unit.demand)).toEqual([0, 1, 2]);
      expect(orders[0]?.supersededBy).not.toBeNull();
      const promise = await database.read((db) => availableToPromise(db, world.shopId, world.skus));
      expect(promise.get(world.skus[0] as SkuId)).toBe(97);
    }
    await expectSound();
  });
});

describe('money', () => {
  it('equals the channel to the minor unit and names the residual', async () => {
    const world = await openWorld();
    // CASES 16: 24.99 at 10.75 % tax plus 6.44 shipping gave 34.116425 against 34.12 charged; the tax told is 2.69.
    const order = soldOrder('usd', {
      currency: 'USD',
      pricesIncludeTax: false,
      lines: [soldLine('1', { amountMinor: 2_499, taxes: [{ title: 'Sales tax', ratePercent: '10.75', amountMinor: 268 }] })],
      shipping: [{ externalId: 's', title: 'Ground', amountMinor: 644, taxes: [] }],
      totalMinor: 3_412,
    });
    const yen = soldOrder('jpy', { currency: 'JPY', lines: [soldLine('1', { amountMinor: 1_980 })] });
    const dinar = soldOrder('kwd', { currency: 'KWD', lines: [soldLine('1', { amountMinor: 12_345 })], totalMinor: 12_346 });
    const unknown = soldOrder('xxq', { currency: 'XXQ' });
    await takeIn(world, [order], [yen], [dinar], [unknown]);
    const read4 = await Promise.all(['usd', 'jpy', 'kwd', 'xxq'].map((id) => read(world, id)));
    expect(read4.map(({ currency, totalMinor, residualMinor }) => [currency, totalMinor, residualMinor])).toEqual([
      ['USD', 3_412, 1],
      ['JPY', 1_980, 0],
      ['KWD', 12_346, 1],
      ['XXQ', 1_000, 0],
    ]);
    await expectSound();
  });

  it('counts refunds that have not failed, as they come, settle and fail', async () => {
    const world = await openWorld();
    const refund = (externalId: string, state: 'pending' | 'settled' | 'failed', amountMinor: number) => ({
      externalId, paymentExternalId: null, state, amountMinor, reason: null, at: null, lines: [],
    });
    await takeIn(world, [soldOrder('o1')]);
    await takeIn(world, [soldOrder('o1', { refunds: [refund('r1', 'pending', 300), refund('r2', 'failed', 900)] }), 1]);
    expect((await read(world, 'o1')).refundedMinor).toBe(300);
    await takeIn(world, [soldOrder('o1', { refunds: [refund('r1', 'settled', 300), refund('r3', 'settled', 200)] }), 2]);
    const order = await read(world, 'o1');
    expect([order.refundedMinor, order.refunds.length, order.totalMinor]).toEqual([500, 2, 1_000]);
    expect(order.timeline.filter((entry) => entry.kind === 'refunded').map((entry) => entry.data)).toEqual([
      { old: 0, new: 300 },
      { old: 300, new: 500 },
    ]);
    await expectSound();
  });
});
