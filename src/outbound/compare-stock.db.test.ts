import { beforeEach, describe, expect, it } from 'vitest';
import { readNewOrders, useSandboxShop, type SandboxWorld } from '../../test/support/factories/sandbox-world.ts';
import { listListings, readHealth, type LaneStep, type ListingRow } from '../channels/index.ts';
import type { ToldStockCapability } from '../connector-kit/index.ts';
import { receiveStock } from '../stock/index.ts';
import { pushStock, type OrdersReader } from './push-stock.ts';
import { readBackStock } from './read-back-stock.ts';

const bench = useSandboxShop('webhooks');
const { clock, database } = bench;
const batchMax = 7;
let world: SandboxWorld;
/** Units of every SKU that ever came, and of every listing that the shop sold. */
let received: number;
let sold: Map<string, number>;

beforeEach(async () => {
  world = await bench.open();
  received = 10;
  sold = new Map();
});

/** The step for a channel whose stock capability is changed so. */
const changed =
  (change: (stock: ToldStockCapability<unknown>) => ToldStockCapability<unknown>, step: LaneStep): LaneStep =>
  (deps, session, lease, signal) => {
    const { stock } = session.connector;
    if (stock === undefined) throw new Error('the channel has no stock');
    return step(deps, { ...session, connector: { ...session.connector, stock: change(stock) } }, lease, signal);
  };

const push = pushStock(readNewOrders);
const inBatches = (reader: OrdersReader = readNewOrders): LaneStep =>
  changed((stock) => ({ ...stock, pushBatchMax: batchMax, readBatchMax: batchMax }), pushStock(reader));

/** Asks as the naive hub does: sets what it thinks right, whatever was sold since. */
const naive = changed(({ readStockVersions: _, ...stock }) => stock, push);

const ids = (): string[] => world.listings.map(({ externalId }) => externalId);
const first = (): string => ids()[0] ?? expect.fail('no listing');
const last = (): string => ids().at(-1) ?? expect.fail('no listing');
const shown = (): number[] => ids().map((id) => world.shop.saleable(id));
const right = (): number[] => ids().map((id) => received - (sold.get(id) ?? 0));

function buy(listingId: string, quantity: number): void {
  world.shop.placeOrder({ lines: [{ listingId, quantity }] });
  sold.set(listingId, (sold.get(listingId) ?? 0) + quantity);
}

/** So many units more of every SKU. */
async function receive(quantity: number): Promise<void> {
  const { warehouseId, listings } = world;
  const about = { warehouseId, quantity, unitCost: null, costCurrency: null, lotId: null, note: null };
  await database.run((ctx) =>
    receiveStock(
      ctx,
      listings.map(({ skuId }) => ({ skuId, ...about })),
    ),
  );
  received += quantity;
}

/** Every number told once, and then more units: each number is to rise. */
async function openRising(): Promise<void> {
  await world.drain(push);
  expect(shown()).toEqual(right());
  await receive(5);
}

/** Buys when the shop has answered the first such call, before the hub knows the answer. */
function buyAfter(method: string, path: string, listingId: string, quantity = 2): void {
  world.onAnswer = async (request, answer) => {
    if (request.method === method && new URL(request.url).pathname === path) {
      world.onAnswer = (_, later) => Promise.resolve(later);
      buy(listingId, quantity);
    }
    return answer;
  };
}

/** The sets that arrive from now on, by call. */
function watchSets(): { listing_id: string; quantity: number; if_version: number | null }[][] {
  const sets: { listing_id: string; quantity: number; if_version: number | null }[][] = [];
  const { onAnswer } = world;
  world.onAnswer = async (request, answer) => {
    if (request.method === 'PUT') sets.push(JSON.parse(await request.text()).items);
    return onAnswer(request, answer);
  };
  return sets;
}

const listing = async (externalId: string): Promise<ListingRow> => {
  const page = await database.read((db) => listListings(db, { after: null, limit: 50 }, { shopId: world.shopId }));
  return page.items.find((each) => each.externalId === externalId) ?? expect.fail(`no ${externalId}`);
};

describe('a number that rises', () => {
  it.each([
    ['after the orders were read', '/api/orders'],
    ['before they were', '/api/stock'],
  ])('and was overtaken by a sale %s is refused, and told again as it is right', async (_, path) => {
    await openRising();
    buyAfter('GET', path, first());
    await world.drain(push);
    expect(world.shop.saleable(first())).toBe(8);
    expect(shown().slice(1)).toEqual(right().slice(1));
    expect(world.shop.faultCounts.get('stale_set_refused')).toBe(1);
    expect(await listing(first())).toMatchObject({ toldQuantity: 10, pushFailures: 1 });
    clock.advance(1_000);
    await world.drain(push);
    expect(shown()).toEqual(right());
    expect(await listing(first())).toMatchObject({ toldQuantity: 13, pushFailures: 0 });
  });

  it('or stays as it is gives back no unit of a sale that the hub has not read', async () => {
    await world.drain(push);
    buy(first(), 2);
    await world.drain(readBackStock);
    clock.advance(10_000);
    await world.drain(naive);
    expect(shown()).toEqual(right());
    expect(await listing(first())).toMatchObject({ toldQuantity: 8 });
  });

  it('undoes the sale where it is not compared', async () => {
    await openRising();
    buyAfter('GET', '/api/orders', first());
    await world.drain(naive);
    expect(world.shop.saleable(first())).toBe(15);
    expect(right()[0]).toBe(13);
  });

  it('is never more than there is, whenever in a step of several calls something is sold', async () => {
    let moments = 0;
    await world.drain(push);
    for (let moment = 1, answers = moment; answers >= moment; moment += 1) {
      answers = 0;
      await receive(2);
      world.onAnswer = (_, answer) => {
        answers += 1;
        if (answers === moment) for (const id of [first(), last()]) buy(id, 1);
        expect(shown().every((units, index) => units <= (right()[index] ?? 0))).toBe(true);
        return Promise.resolve(answer);
      };
      await world.drain(inBatches());
      clock.advance(1_000);
      await world.drain(inBatches());
      await world.drain(readOrders);
      await world.drain(inBatches());
      expect(shown()).toEqual(right());
      moments = moment;
    }
    expect(moments).toBeGreaterThanOrEqual(7);
  });

  it('is not told while the versions cannot be read, and that is the shop’s fault', async () => {
    await openRising();
    world.onAnswer = async ({ method, url }, answer) =>
      method === 'GET' && url.includes('/api/stock') ? new Response('{}', { status: 503 }) : answer;
    const sets = watchSets();
    await world.drain(push);
    expect(sets).toEqual([]);
    expect(await database.read((db) => readHealth(db, world.shopId))).toMatchObject({
      failures: 1,
      lastFault: 'unavailable',
    });
    world.onAnswer = (_, answer) => Promise.resolve(answer);
    clock.advance(2_000);
    await world.drain(push);
    expect(shown()).toEqual(right());
  });
});

/** Reads what was sold, and tells nothing. */
const readOrders: LaneStep = async (...lane) => {
  await readNewOrders(...lane);
  return { didWork: false };
};

describe('a push of several batches', () => {
  it('compares every number of every batch, and reads the orders once', async () => {
    await openRising();
    let ordersRead = 0;
    const sets = watchSets();
    const counting: OrdersReader = (...lane) => {
      ordersRead += 1;
      return readNewOrders(...lane);
    };
    await world.drain(inBatches(counting));
    const batches = Math.ceil(ids().length / batchMax);
    expect(batches).toBeGreaterThan(2);
    expect(sets).toHaveLength(batches);
    expect(sets.flat().filter(({ if_version }) => if_version === null)).toEqual([]);
    expect(ordersRead).toBe(1);
    expect(shown()).toEqual(right());
  });

  it('is refused a number of the last for a sale after the first', async () => {
    await openRising();
    const told = new Set<string>();
    const inOrder = watchSets();
    await world.drain(inBatches());
    for (const { listing_id } of inOrder.flat()) told.add(listing_id);
    const late = [...told].at(-1) ?? expect.fail('nothing was told');
    await receive(5);
    buyAfter('PUT', '/api/stock', late);
    await world.drain(inBatches());
    expect(world.shop.saleable(late)).toBe(13);
    clock.advance(1_000);
    await world.drain(inBatches());
    expect(shown()).toEqual(right());
  });
});

describe('a listing that sells all the time', () => {
  it('is told at once that its number falls, though a rise was just refused', async () => {
    await openRising();
    buyAfter('GET', '/api/orders', first());
    await world.drain(push);
    buy(first(), 8);
    await world.drain(readOrders);
    await world.drain(push);
    expect(world.shop.saleable(first())).toBe(5);
  });

  it('waits no longer for each refusal', async () => {
    await openRising();
    for (let sale = 1; sale <= 6; sale += 1) {
      buyAfter('GET', '/api/orders', first(), 1);
      await world.drain(push);
      expect(await listing(first())).toMatchObject({ toldQuantity: 10, pushFailures: sale });
      clock.advance(1_000);
    }
    await world.drain(push);
    expect(shown()).toEqual(right());
  });
});
