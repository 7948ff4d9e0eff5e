import { expect, test } from 'vitest';
import { createApp } from '../platform/http/index.ts';
import { openExplainWorld, type ExplainWorld } from '../../test/support/factories/explain-world.ts';
import { storyOrder } from '../../test/support/factories/story-order.ts';
import { quietLog } from '../../test/support/quiet-log.ts';
import type { ListingId } from '../kernel/index.ts';
import { pushStock, readBackStock, type OrdersReader } from '../outbound/index.ts';
import { explainListing, explainRoutes, type Explanation } from './index.ts';
import type { SentenceCode, SentenceData } from './words/sentences.ts';

const readsAll: OrdersReader = () => Promise.resolve(true);
const push = pushStock(readsAll);

/** The data of every sentence of one kind. */
function all<Code extends SentenceCode>({ sections }: Explanation, code: Code): SentenceData[Code][] {
  return sections
    .flatMap((section) => section.points)
    .flatMap(({ sentence }) => (sentence.code === code ? [sentence.data as SentenceData[Code]] : []));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** From the shelf to what is told: each step of the explanation follows from the one before. Returns what is told. */
function followTerms(explanation: Explanation): number {
  for (const { onHand, reserved, free } of all(explanation, 'term.level')) expect(onHand - reserved).toBe(free);
  const promise =
    sum(all(explanation, 'term.level').map(({ free }) => free)) -
    sum(all(explanation, 'term.claim').map(({ units }) => units));
  for (const { units } of all(explanation, 'term.promise')) expect(units).toBe(promise);
  const promised = Math.max(0, promise);
  const [pack] = all(explanation, 'term.multiplier');
  const saleable = pack === undefined ? promised : pack.quantity;
  if (pack !== undefined) expect(pack.quantity * pack.multiplier + pack.leftOver).toBe(promised);
  expect(all(explanation, 'term.saleable')).toEqual([{ quantity: saleable }]);
  const places = all(explanation, 'term.location');
  if (places.length > 0) expect(sum(places.map(({ quantity }) => quantity))).toBe(saleable);
  const [addBack] = all(explanation, 'term.add_back');
  if (addBack === undefined) return saleable;
  expect(addBack.units).toBe(Math.max(0, addBack.open - addBack.inFlight));
  expect(all(explanation, 'term.sent')).toMatchObject([{ quantity: saleable + addBack.units }]);
  return saleable + addBack.units;
}

const inWorld = (work: (world: ExplainWorld) => Promise<void>) => async (): Promise<void> => {
  const world = await openExplainWorld();
  try {
    await work(world);
  } finally {
    await world.close();
  }
};

async function expectGolden(world: ExplainWorld, name: string, listingId: ListingId): Promise<void> {
  for (const language of ['en', 'zh'] as const) {
    const text = await world.tellListing(listingId, language);
    expect(text).not.toMatch(/[0-9a-f]{8}-|T\d\d:|undefined|null|[a-z]_[a-z]|\?/);
    await expect(text).toMatchFileSnapshot(`golden/listing-${name}.${language}.txt`);
  }
}

/** What the last push said of a listing. */
function lastPush(world: ExplainWorld, externalId: string): number | undefined {
  return world.channel.told.pushes.at(-1)?.find((each) => each.listingExternalId === externalId)?.quantity;
}

test(
  'a six-pack counts what another shop has sold of its units, and rounds down',
  inWorld(async (world) => {
    const harbour = await world.connect('Harbour Shop');
    const alster = await world.connect('Alster Shop', { channel: 'other' });
    await world.sku('TEA-GREEN', 'Green tea');
    const pack = await world.item(harbour, '2006', 'Green tea, pack of six', 'TEA-GREEN', 6);
    await world.item(alster, 'T1', 'Green tea', 'TEA-GREEN');
    const hamburg = await world.warehouse('Hamburg', { 'TEA-GREEN': 20 });
    const leipzig = await world.warehouse('Leipzig', { 'TEA-GREEN': 12 });
    await world.serve(harbour, hamburg, leipzig);
    await world.serve(alster, hamburg);
    await world.deliver(storyOrder('A-3001', [['2006', 'Green tea, pack of six', 1, 4_500]]));
    const unpaid = { paymentState: 'unpaid', paidAt: null } as const;
    await world.deliver(storyOrder('B-1', [['T1', 'Green tea', 3, 850]], unpaid), { shopId: alster });
    await world.deliver(storyOrder('B-2', [['T1', 'Green tea', 2, 850]], unpaid), { shopId: alster });
    await world.run(harbour, push);
    await world.run(harbour, readBackStock);
    await expectGolden(world, 'with-demand-of-another-shop', pack);
    const explained = await explainListing(world.deps, pack, 'en');
    expect(followTerms(explained)).toBe(3);
    expect(lastPush(world, '2006')).toBe(3);
  }),
);

test(
  'a channel that subtracts what it sold is told that on top, and shows another number all the same',
  inWorld(async (world) => {
    world.channel.meaning = 'on_hand';
    const shopId = await world.connect('Harbour Shop');
    await world.sku('MUG-BLUE', 'Blue mug');
    const mug = await world.item(shopId, '1001', 'Blue mug', 'MUG-BLUE');
    const hamburg = await world.warehouse('Hamburg', { 'MUG-BLUE': 9 });
    const leipzig = await world.warehouse('Leipzig', { 'MUG-BLUE': 4 });
    await world.serve(shopId, hamburg, leipzig);
    await world.place(
      shopId,
      { id: 'front', name: 'Front store', warehouseId: hamburg },
      { id: 'back', name: 'Outlet', warehouseId: leipzig },
    );
    await world.deliver(storyOrder('A-3002', [['1001', 'Blue mug', 2, 1_290]]));
    await world.run(shopId, push);
    world.channel.shown.set('1001', 7);
    await world.run(shopId, readBackStock);
    await expectGolden(world, 'drifted-on-a-channel-that-subtracts', mug);
    expect(followTerms(await explainListing(world.deps, mug, 'en'))).toBe(13);
    expect(lastPush(world, '1001')).toBe(13);
  }),
);

test(
  'a number that is refused, held up or not wanted says why',
  inWorld(async (world) => {
    const shopId = await world.connect('Harbour Shop');
    await world.sku('MUG-BLUE', 'Blue mug');
    const mug = await world.item(shopId, '1001', 'Blue mug', 'MUG-BLUE');
    const tin = await world.item(shopId, '1003', 'Biscuit tin');
    const hamburg = await world.warehouse('Hamburg', { 'MUG-BLUE': 3 });
    await world.serve(shopId, hamburg);
    await world.deliver(storyOrder('A-3003', [['1001', 'Blue mug', 5, 1_290]]), { allocates: false });
    await expectGolden(world, 'that-nobody-has-mapped', tin);
    world.channel.refusedListings.set('1001', { code: 'locked', detail: 'This variant is locked by a promotion.' });
    await world.run(shopId, push);
    await expectGolden(world, 'refused-and-oversold', mug);
    const explained = await explainListing(world.deps, mug, 'en');
    expect(followTerms(explained)).toBe(0);
    expect(lastPush(world, '1001')).toBe(0);
    world.failNext({ kind: 'rate_limited', retryAfterMs: 30 * 60_000 });
    world.wait(60);
    await world.run(shopId, push);
    const resting = await explainListing(world.deps, mug, 'en');
    expect(resting.stand.points.map(({ sentence }) => sentence.text)).toContainEqual(
      expect.stringContaining('failed 1 time in a row (it asked us to slow down); it is left alone until'),
    );
    await world.place(shopId, { id: 'front', name: 'Front store', warehouseId: null });
    const unplaced = await explainListing(world.deps, mug, 'zh');
    expect(unplaced.stand.points.map(({ sentence }) => sentence.code)).toEqual([
      'shown.behind',
      'why.location_unmapped',
    ]);
  }),
);

test(
  'the API answers in the language that is asked for, with stable codes and data',
  inWorld(async (world) => {
    const shopId = await world.connect('Harbour Shop', { pushesStock: false });
    await world.sku('MUG-BLUE', 'Blue mug');
    const mug = await world.item(shopId, '1001', 'Blue mug', 'MUG-BLUE');
    const orderId = await world.deliver(storyOrder('A-3004', [['1001', 'Blue mug', 1, 1_290]]));
    const app = createApp({
      database: world.database,
      log: quietLog,
      authenticate: (token) =>
        Promise.resolve({ kind: 'token' as const, id: token, name: token, scopes: token.split(',') }),
    });
    app.route('/api/v1', explainRoutes(world.deps));
    const ask = (path: string, headers: Record<string, string> = {}, scopes = 'orders:read,stock:read') =>
      app.request(`/api/v1${path}`, { headers: { authorization: `Bearer ${scopes}`, ...headers } });
    const inChinese = await ask(`/orders/${orderId}/explanation`, { 'accept-language': 'fr, zh-CN;q=0.8, en;q=0.5' });
    expect(inChinese.headers.get('content-language')).toBe('zh');
    expect(await inChinese.json()).toMatchObject({
      language: 'zh',
      timeZone: 'Europe/Berlin',
      stand: { points: [{ sentence: { code: 'stand.short', data: { items: [{ sku: 'MUG-BLUE', quantity: 1 }] } } }] },
      next: {
        points: [{ sentence: { code: 'next.no_warehouse', text: expect.stringContaining('没有仓库') as string } }],
      },
    });
    const listing = await ask(`/listings/${mug}/explanation?lang=en`, { 'accept-language': 'zh' });
    expect(await listing.json()).toMatchObject({
      language: 'en',
      stand: { points: [{ sentence: { code: 'shown.not_pushed' } }] },
    });
    const nobody = await ask(`/orders/${mug}/explanation`);
    expect([nobody.status, ((await nobody.json()) as { code: string }).code]).toEqual([404, 'order.unknown']);
    expect((await ask(`/listings/${mug}/explanation`, {}, 'orders:read')).status).toBe(403);
  }),
);
