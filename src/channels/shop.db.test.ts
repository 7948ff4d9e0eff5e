import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { systemActor, useDatabase } from '../../test/support/database.ts';
import { connectPaper, paperDeps, paperOrigin } from '../../test/support/paper-channel.ts';
import { parseId, type ShopId } from '../kernel/index.ts';
import { rows, type Actor } from '../platform/db/index.ts';
import {
  changeShop,
  checkConnection,
  findDueCursors,
  getShop,
  isCallable,
  listShops,
  openShop,
  openShopByWebhookKey,
  pauseShop,
  readCursor,
  readHealth,
  removeShop,
  resumeShop,
  type NewShop,
  type ShopChange,
} from './index.ts';

const database = useDatabase();
const deps = paperDeps(database);

const canary = 'sk_canary_5f1d';
const settings = { baseUrl: `${paperOrigin}/admin`, apiKey: canary };
const report = { shopName: 'Paper & Co', currency: 'EUR', timeZone: 'Europe/Berlin' };

function connect(facts: Partial<NewShop> = {}) {
  return database.run((ctx) => connectPaper(ctx, deps, { settings, pushesStock: false, ...facts }));
}

const change = (facts: ShopChange) => database.run((ctx) => changeShop(ctx, deps, facts));
const shopOf = (shopId: ShopId) => database.read((db) => getShop(db, shopId));
const open = (shopId: ShopId) => database.read((db) => openShop(db, deps, shopId));

describe('connecting', () => {
  test('a check signs in through the guard of the origin and reports the shop', async () => {
    deps.fetched.length = 0;
    await expect(checkConnection(deps, { channel: 'paper', settings })).resolves.toEqual(report);
    expect(deps.fetched).toEqual([paperOrigin]);
  });

  test('errors name the setting to look at and carry no value', async () => {
    const check = (given: unknown, channel = 'paper') => checkConnection(deps, { channel, settings: given });
    await expect(check(settings, 'scissors')).rejects.toMatchObject({
      code: 'channel.unknown',
      data: { known: ['paper'] },
      fields: [{ path: 'channel' }],
    });
    await expect(check({ baseUrl: 'nowhere', apiKey: canary })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'shop.bad_settings',
      fields: [{ path: 'settings.baseUrl' }],
    });
    await expect(check({ ...settings, apiKey: 'refused' })).rejects.toMatchObject({
      code: 'shop.credentials_refused',
      fields: [{ path: 'settings.apiKey' }],
    });
    const elsewhere = { ...settings, baseUrl: 'https://nobody.example.com/x' };
    await expect(check(elsewhere)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'shop.unreachable',
      fields: [{ path: 'settings.baseUrl' }],
    });
    const short = await check({ ...settings, apiKey: 'key' }).catch((error: unknown) => error);
    expect(short).toMatchObject({ fields: [{ path: 'settings.apiKey' }] });
    expect(JSON.stringify(short)).not.toContain('"key"');
  });

  test('a shop opens with its settings and credentials, and its streams are due at once', async () => {
    const { shopId, webhookKey } = await connect();
    expect(webhookKey).toMatch(/^[\w-]{43}$/);
    const session = await open(shopId);
    expect(session.settings).toEqual({ ...settings, region: 'eu' });
    expect(session.shop).toMatchObject({
      shopId,
      webhookKey,
      state: 'active',
      currency: 'EUR',
      settings: { region: 'eu' },
    });
    const io = session.io(AbortSignal.timeout(1_000), new Date());
    expect(await (await io.fetch(`${paperOrigin}/name`)).text()).toBe('Paper & Co');
    const due = await database.read((db) => findDueCursors(db, new Date()));
    expect(
      due
        .filter((cursor) => cursor.shopId === shopId)
        .map((cursor) => cursor.stream)
        .toSorted(),
    ).toEqual(['listings', 'open_orders', 'orders', 'sweep', 'webhooks']);
    expect(await database.read((db) => readCursor(db, shopId, 'orders'))).toMatchObject({ version: 1, state: null });
  });

  test('what cannot be a shop is refused by its field', async () => {
    await expect(connect({ name: ' ' })).rejects.toMatchObject({ fields: [{ path: 'name' }] });
    await expect(connect({ report: { ...report, timeZone: 'Mars/Base' } })).rejects.toMatchObject({
      fields: [{ path: 'report.timeZone' }],
    });
    await expect(connect({ report: { ...report, currency: 'EURO' } })).rejects.toMatchObject({ kind: 'invalid' });
  });

  test('a credential stands nowhere in the clear: not in a row, the audit, or what a query answers', async () => {
    const { shopId } = await connect();
    await change({ shopId, version: 1, settings: { region: 'us' } });
    const stored = await database.run((ctx) =>
      rows<{ text: string }>(
        ctx.tx,
        sql`select s::text || encode(s.secrets, 'escape') || encode(s.data_key, 'escape')
                   || (select string_agg(a::text, ' ') from audit_entries a) as text from shops s where s.id = ${shopId}`,
      ),
    );
    const answers = await database.read(async (db) => [
      await getShop(db, shopId),
      await listShops(db, { after: null, limit: 200, withRemoved: true }),
      await listShops(db, { after: null, limit: 200 }),
    ]);
    const text = `${stored[0]?.text} ${JSON.stringify(answers)}`;
    expect(text).toContain('Paper & Co');
    expect(text).toContain('settings.region');
    expect(text).not.toContain(canary);
    expect(text).not.toContain(Buffer.from(canary).toString('hex'));
    expect(text).not.toContain('apiKey');
  });

  test("credentials moved to another shop's row do not open", async () => {
    const { shopId: from } = await connect();
    const { shopId: to } = await connect();
    await database.run((ctx) =>
      rows(ctx.tx, sql`update shops set secrets = f.secrets from shops f where shops.id = ${to} and f.id = ${from}`),
    );
    await expect(open(to)).rejects.toMatchObject({ code: 'crypto.wrong_key' });
    await expect(open(from)).resolves.toBeDefined();
  });
});

describe('changing', () => {
  test('what is left out stays, and the version that was read must be the present one', async () => {
    const { shopId } = await connect();
    expect(await change({ shopId, version: 1, name: ' Renamed ', pushesStock: true })).toEqual({ version: 2 });
    await expect(change({ shopId, version: 1, name: 'Late' })).rejects.toMatchObject({
      kind: 'precondition_failed',
      code: 'shop.changed',
      data: { version: 2 },
    });
    await change({ shopId, version: 2, settings: { region: 'us' } });
    expect((await open(shopId)).settings).toEqual({ ...settings, region: 'us' });
    await change({ shopId, version: 3, settings: { apiKey: 'rotated' } });
    expect((await open(shopId)).settings).toEqual({ ...settings, region: 'us', apiKey: 'rotated' });
    expect(await shopOf(shopId)).toMatchObject({ name: 'Renamed', pushesStock: true, version: 4 });
    await expect(change({ shopId, version: 4, settings: { baseUrl: 'nowhere' } })).rejects.toMatchObject({
      fields: [{ path: 'settings.baseUrl' }],
    });
  });

  test('another address needs the credentials anew, so that nobody can have them sent to himself', async () => {
    const { shopId } = await connect();
    const thief = { baseUrl: 'https://thief.example.com' };
    await expect(change({ shopId, version: 1, settings: thief })).rejects.toMatchObject({
      code: 'shop.credentials_needed',
      fields: [{ path: 'settings.apiKey' }],
    });
    await change({ shopId, version: 1, settings: { baseUrl: `${paperOrigin}/other` } });
    await change({ shopId, version: 2, settings: { ...thief, apiKey: 'known' } });
    expect((await open(shopId)).settings).toMatchObject({ ...thief, apiKey: 'known' });
  });

  test('of two changes at once one is made', async () => {
    const { shopId } = await connect();
    const results = await Promise.allSettled(['A', 'B', 'C'].map((name) => change({ shopId, version: 1, name })));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    expect((await shopOf(shopId)).version).toBe(2);
  });

  test('new settings end the back-off', async () => {
    const { shopId } = await connect();
    const until = new Date(Date.now() + 3_600_000);
    await database.run((ctx) =>
      rows(ctx.tx, sql`update shop_health set failures = 9, paused_until = ${until} where shop_id = ${shopId}`),
    );
    await change({ shopId, version: 1, settings: { apiKey: 'rotated' } });
    expect(await database.read((db) => readHealth(db, shopId))).toMatchObject({ failures: 0, pausedUntil: null });
  });
});

describe('pausing and removing', () => {
  const move = (verb: typeof pauseShop, shopId: ShopId) => database.run((ctx) => verb(ctx, shopId));

  test('a paused shop is not called and has no stream due until it is resumed', async () => {
    const { shopId } = await connect();
    const isDue = async () =>
      (await database.read((db) => findDueCursors(db, new Date()))).some((cursor) => cursor.shopId === shopId);
    const callable = () =>
      database.read(async (db) => isCallable(await getShop(db, shopId), await readHealth(db, shopId), new Date()));
    expect([await isDue(), await callable()]).toEqual([true, true]);
    await move(pauseShop, shopId);
    await move(pauseShop, shopId);
    expect([await isDue(), await callable()]).toEqual([false, false]);
    await move(resumeShop, shopId);
    expect([await isDue(), await callable()]).toEqual([true, true]);
    const moves = await database.read((db) =>
      rows<{ action: string }>(db, sql`select action from audit_entries where subject_id = ${shopId} order by at, id`),
    );
    expect(moves.map((row) => row.action)).toEqual(['shop.connected', 'shop.paused', 'shop.resumed']);
  });

  test('a removed shop is still found by its webhook key, has no credentials and does not come back', async () => {
    const { shopId, webhookKey } = await connect();
    await move(removeShop, shopId);
    expect(await database.read((db) => openShopByWebhookKey(db, deps, webhookKey))).toBe('removed');
    await expect(open(shopId)).rejects.toMatchObject({ kind: 'gone', code: 'shop.removed' });
    await expect(change({ shopId, version: 2, name: 'Back' })).rejects.toMatchObject({ code: 'shop.removed' });
    await expect(move(resumeShop, shopId)).rejects.toMatchObject({ code: 'shop.transition_refused' });
    const [row] = await database.read((db) =>
      rows<{ n: number; removed: boolean }>(
        db,
        sql`select length(secrets) as n, removed_at is not null as removed from shops where id = ${shopId}`,
      ),
    );
    expect(row).toEqual({ n: 0, removed: true });
    const listed = await database.read((db) => listShops(db, { after: null, limit: 200 }));
    expect(listed.items.map((shop) => shop.shopId)).not.toContain(shopId);
  });

  test('nobody is found by another key, and an unknown shop is said to be unknown', async () => {
    expect(await database.read((db) => openShopByWebhookKey(db, deps, ''))).toBe(null);
    const unknown = parseId<'shop'>('0190f5fe-7c00-7a00-8000-000000000001', 'shopId');
    await expect(open(unknown)).rejects.toMatchObject({ code: 'shop.unknown' });
    await expect(move(removeShop, unknown)).rejects.toMatchObject({ code: 'shop.unknown' });
  });
});

test('the list pages through every shop once', async () => {
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page = await database.read((db) => listShops(db, { after, limit: 3, withRemoved: true }));
    seen.push(...page.items.map((shop) => shop.shopId));
    after = page.next;
  } while (after !== null);
  const stored = await database.read((db) =>
    rows<{ id: string }>(db, sql`select id from shops order by created_at, id`),
  );
  expect(seen).toEqual(stored.map((row) => row.id));
});

test('who may only read shops cannot change one', async () => {
  const { shopId } = await connect();
  const reader: Actor = { kind: 'token', id: 'r', name: 'r', scopes: ['shops:read'] };
  const as = (actor: Actor) =>
    database.transact({ actor }, (ctx) => changeShop(ctx, deps, { shopId, version: 1, name: 'Mine' }));
  await expect(as(reader)).rejects.toMatchObject({ kind: 'forbidden', data: { scope: 'shops:write' } });
  await expect(as(systemActor)).resolves.toEqual({ version: 2 });
});
