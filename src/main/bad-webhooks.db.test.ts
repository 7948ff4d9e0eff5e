import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { webhookBodyBytesMax } from '../../config/defaults.ts';
import { custom } from '../../connectors/custom/index.ts';
import { useDatabase } from '../../test/support/database.ts';
import { addSkus, createPlainChannel, listItems, plainDeps } from '../../test/support/factories/plain-channel.ts';
import { openFace } from '../../test/support/requests/face.ts';
import { connectOwnShop, ownSecret } from '../../test/support/requests/own-shop.ts';
import { openShop, removeShop, type ShopDeps } from '../channels/index.ts';
import { webhookHeaders } from '../connector-kit/index.ts';
import { drainInbox } from '../inbound/index.ts';
import { Fault, type InboxEventId, type ShopId } from '../kernel/index.ts';
import { findOrder, getOrder, type OrderDetail } from '../orders/index.ts';
import { firstRow, rows } from '../platform/db/index.ts';

/** The webhook door of the whole app, and what becomes of what it let in: each kind of bad input and its documented answer. */

const database = useDatabase({ pools: { write: 8 } });
let deps: ShopDeps;
let app: ReturnType<typeof openFace>;
let shop: { readonly shopId: ShopId; readonly webhookKey: string };

beforeAll(async () => {
  const known = plainDeps(database, createPlainChannel());
  deps = { ...known, connectors: new Map([['custom', custom]]) };
  app = openFace(deps, database.url);
  shop = await connectOwnShop(database, deps);
  const [skuId] = await addSkus(database, ['MUG']);
  if (skuId === undefined) throw new Error('no SKU');
  await listItems(database, shop.shopId, [{ externalId: 'mug', skuId }]);
});

let serial = 0;
const nextId = (): string => `o-${(serial += 1)}`;

const line = (more: object = {}) => ({
  externalId: 'l1',
  listingExternalId: 'mug',
  title: 'Mug',
  quantity: 2,
  amountMinor: 2_500,
  ...more,
});

/** An order as the store tells it; 25.00 EUR. */
const order = (more: object = {}) => ({
  externalId: nextId(),
  number: `W-${serial}`,
  version: '1',
  placedAt: '2026-03-01T09:15:00+01:00',
  currency: 'EUR',
  pricesIncludeTax: true,
  totalMinor: 2_500,
  lines: [line()],
  paymentState: 'paid',
  ...more,
});

const message = (data: unknown): string =>
  JSON.stringify({ type: 'order.created', timestamp: '2026-03-01T09:15:01Z', data });

type Sent = {
  readonly secret?: string;
  readonly at?: Date;
  readonly headers?: Record<string, string>;
  readonly id?: string;
};

async function deliver(body: string | Uint8Array, sent: Sent = {}, webhookKey = shop.webhookKey, to = app) {
  const bytes = Buffer.from(body);
  const { secret = ownSecret, at = deps.clock.now(), id = `msg_${nextId()}` } = sent;
  const headers = { ...webhookHeaders([secret], { id, body: bytes }, at), ...sent.headers };
  const answer = await to.request(`/hooks/${webhookKey}`, { method: 'POST', headers, body: bytes });
  return { status: answer.status, code: ((await answer.json()) as { code: string }).code, headers: answer.headers };
}

async function drain(): Promise<void> {
  while ((await drainInbox(deps, [shop.shopId])).claimed > 0);
}

type Kept = { readonly id: InboxEventId; readonly state: string; readonly code: string | null; readonly bytes: string };

/** The newest message of the shop, its bytes opened. */
async function newest(): Promise<Kept> {
  const row = await database.read((db) =>
    firstRow<{ id: InboxEventId; state: string; code: string | null; ciphertext: Uint8Array }>(
      db,
      sql`select e.id, e.state, e.cause->>'code' as code, b.ciphertext from inbox_events e
          join inbox_bodies b on b.inbox_event_id = e.id
          where e.shop_id = ${shop.shopId} order by e.received_at desc, e.id desc limit 1`,
    ),
  );
  if (row === null) throw new Error('nothing is kept');
  const { dataKey } = await database.read((db) => openShop(db, deps, shop.shopId));
  const bytes = Buffer.from(dataKey.open(row.ciphertext, `inbox_bodies.ciphertext ${row.id}`));
  return { id: row.id, state: row.state, code: row.code, bytes: bytes.toString('latin1') };
}

async function countKept(): Promise<number> {
  const row = await database.read((db) =>
    firstRow<{ count: number }>(
      db,
      sql`select count(*)::int8 as count from inbox_events where shop_id = ${shop.shopId}`,
    ),
  );
  return row?.count ?? 0;
}

describe('a webhook that is refused stores nothing', () => {
  const good = () => message(order());
  const hourAgo = (): Date => new Date(deps.clock.now().getTime() - 3_600_000);
  test.each<[string, () => Promise<{ status: number; code: string }>, number, string]>([
    [
      'signed by another secret',
      () => deliver(good(), { secret: `whsec_${Buffer.alloc(32, 6).toString('base64')}` }),
      401,
      'hook.bad_signature',
    ],
    ['without a signature', () => deliver(good(), { headers: { 'webhook-signature': '' } }), 401, 'hook.bad_signature'],
    ['replayed an hour later', () => deliver(good(), { at: hourAgo() }), 401, 'hook.bad_signature'],
    [
      'of the day after tomorrow',
      () => deliver(good(), { headers: { 'webhook-timestamp': '1e400' } }),
      401,
      'hook.bad_signature',
    ],
    ['to an address of nobody', () => deliver(good(), {}, 'nobody'), 404, 'hook.unknown'],
    ['to an address with a null character', () => deliver(good(), {}, 'a%00b'), 404, 'hook.unknown'],
    ['to an address of 5,000 letters', () => deliver(good(), {}, 'a'.repeat(5_000)), 404, 'hook.unknown'],
    ['too large', () => deliver(Buffer.alloc(webhookBodyBytesMax + 1, 0x20)), 413, 'body.too_large'],
    [
      'too large by its own word',
      () => deliver(good(), { headers: { 'content-length': '2000001' } }),
      413,
      'body.too_large',
    ],
  ])('%s', async (_, send, status, code) => {
    const before = await countKept();
    expect(await send()).toMatchObject({ status, code });
    expect(await countKept()).toBe(before);
  });

  test('too large in a stream that says no length', async () => {
    const before = await countKept();
    const chunk = new Uint8Array(300_000);
    let chunks = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        chunks += 1;
        if (chunks > 50) controller.close();
        else controller.enqueue(chunk);
      },
    });
    const request: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' };
    const answer = await app.request(`/hooks/${shop.webhookKey}`, request);
    expect(answer.status).toBe(413);
    expect(chunks).toBeLessThan(50);
    expect(await countKept()).toBe(before);
  });
});

const gbk = Uint8Array.from([
  ...Buffer.from('{"type":"order.created","note":"'),
  0xd6,
  0xd0,
  0xce,
  0xc4,
  ...Buffer.from('"}'),
]);
const bom = Buffer.concat([Uint8Array.from([0xef, 0xbb, 0xbf]), Buffer.from(message(order({ number: 'BOM' })))]);

describe('a webhook that is well signed is answered 2xx, and its bytes are kept', () => {
  test.each<[string, () => string | Uint8Array]>([
    ['nothing', () => ''],
    ['no JSON', () => '{"type":'],
    ['a text', () => '"order"'],
    ['GBK, which is no UTF-8', () => gbk],
    ['a null byte', () => Uint8Array.from([0])],
    ['a null character in an id', () => message(order({ externalId: 'a\0b' }))],
    ['10,000 lists in lists', () => `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['a time that is none', () => JSON.stringify({ type: 'order.created', timestamp: 'soon', data: order() })],
    ['an order without an id', () => message({ ...order(), externalId: undefined })],
  ])('%s: parked under its hash, once', async (_, bodyOf) => {
    const body = bodyOf();
    const before = await countKept();
    expect(await deliver(body)).toMatchObject({ status: 202, code: 'hook.stored' });
    expect(await deliver(body)).toMatchObject({ status: 200, code: 'hook.known' });
    expect(await countKept()).toBe(before + 1);
    await drain();
    expect(await newest()).toMatchObject({
      state: 'parked',
      code: 'webhook.unreadable',
      bytes: Buffer.from(body).toString('latin1'),
    });
  });

  test.each<[string, () => unknown]>([
    ['an unknown currency', () => order({ currency: 'QQQ' })],
    ['a currency in small letters', () => order({ currency: 'eur' })],
    ['a negative quantity', () => order({ lines: [line({ quantity: -1 })] })],
    ['half a unit', () => order({ lines: [line({ quantity: 0.5 })] })],
    [
      'an infinite amount',
      () => JSON.parse(JSON.stringify(order()).replace('"totalMinor":2500', '"totalMinor":1e400')) as unknown,
    ],
    ['an amount beyond what JS counts', () => order({ totalMinor: 2 ** 53 })],
    ['more units than a column holds', () => order({ lines: [line({ quantity: 2 ** 31 })] })],
    ['a day that is none', () => order({ placedAt: '2026-02-30T00:00:00Z' })],
    ['a day past all calendars', () => order({ placedAt: '+275760-09-13T00:00:00Z' })],
    ['no lines', () => order({ lines: [] })],
    ['a misspelt field', () => order({ totalminor: 1 })],
    ['the field __proto__', () => JSON.parse(`{"__proto__":{"x":1},${JSON.stringify(order()).slice(1)}`) as unknown],
    ['one line id twice', () => order({ lines: [line(), line()] })],
  ])('%s: parked with the cause that names it', async (_, dataOf) => {
    expect(await deliver(message(dataOf()))).toMatchObject({ status: 202 });
    await drain();
    const kept = await newest();
    expect(kept.state).toBe('parked');
    expect(kept.code).toMatch(/^(inbox\.not_an_order|order\.)/);
    expect(kept.bytes.length).toBeGreaterThan(10);
  });
});

/** The order that a message made, once it is taken in. */
async function taken(data: ReturnType<typeof order>): Promise<OrderDetail> {
  expect(await deliver(message(data))).toMatchObject({ status: 202 });
  await drain();
  expect(await newest()).toMatchObject({ state: 'applied', code: null });
  return database.read(async (db) => {
    const found = await findOrder(db, data.number);
    const [only] = found;
    if (only === undefined) throw new Error(`no order ${data.externalId}`);
    return getOrder(db, only.orderId);
  });
}

describe('a webhook that is odd but an order is taken in', () => {
  test('ids of twenty digits keep each of them', async () => {
    const externalId = '18446744073709551616';
    const read = await taken(order({ externalId, lines: [line({ externalId: '18446744073709551617' })] }));
    expect([read.externalId, read.lines[0]?.externalId]).toEqual([externalId, '18446744073709551617']);
  });

  test('a line of an unknown listing waits under a hold', async () => {
    const read = await taken(order({ lines: [line({ listingExternalId: 'nobody-knows' })] }));
    expect(read.holds).toContain('unmapped');
  });

  test('lines that do not sum to the total leave a named residual', async () => {
    const read = await taken(order({ totalMinor: 2_503 }));
    expect([read.totalMinor, read.residualMinor]).toEqual([2_503, 3]);
  });

  test('a title of 200,000 letters is kept whole', async () => {
    const read = await taken(order({ lines: [line({ title: 'x'.repeat(200_000) })] }));
    expect(read.lines[0]?.title).toHaveLength(200_000);
  });

  test('half a surrogate pair becomes the character for what cannot be read', async () => {
    const read = await taken(order({ lines: [line({ title: 'Mug \ud800' })] }));
    expect(read.lines[0]?.title).toBe('Mug \u{fffd}');
  });

  test('a byte order mark is part of what is signed, and of nothing else', async () => {
    expect(await deliver(bom)).toMatchObject({ status: 202 });
    await drain();
    const kept = await newest();
    expect(kept.state).toBe('applied');
  });

  test('one delivery of fifty at once is stored once', async () => {
    const body = message(order());
    const answers = await Promise.all(Array.from({ length: 50 }, () => deliver(body, { id: 'msg_fifty' })));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ status, code }) => status === 200 && code === 'hook.known')).toHaveLength(49);
  });
});

test('while Postgres is away the answer is 503 with Retry-After, and nothing is stored', async () => {
  const away = () => Promise.reject(new Fault('unavailable', 'database.unreachable'));
  const without = openFace({ ...deps, database: { ...deps.database, read: away, transact: away } }, database.url);
  const answer = await deliver(message(order()), {}, shop.webhookKey, without);
  expect(answer).toMatchObject({ status: 503, code: 'database.unavailable' });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('a removed shop is gone: 410, and nothing is stored', async () => {
  const other = await connectOwnShop(database, deps);
  await database.run((ctx) => removeShop(ctx, other.shopId));
  expect(await deliver(message(order()), {}, other.webhookKey)).toMatchObject({ status: 410, code: 'shop.removed' });
  const kept = await database.read((db) => rows(db, sql`select 1 from inbox_events where shop_id = ${other.shopId}`));
  expect(kept).toEqual([]);
});
