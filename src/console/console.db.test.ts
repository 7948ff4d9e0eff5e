import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { receiverOf, soldLine, soldOrder } from '../../test/support/factories/channel-order.ts';
import { openIntakeWorld } from '../../test/support/factories/intake-world.ts';
import { quietLog } from '../../test/support/quiet-log.ts';
import { createProducts } from '../catalog/index.ts';
import { allocate } from '../fulfilment/index.ts';
import { authenticateToken, createToken } from '../identity/index.ts';
import { systemClock } from '../kernel/index.ts';
import { openExceptions } from '../platform/exceptions/index.ts';
import { createApp } from '../platform/http/index.ts';
import { pauseLane } from '../platform/queue/index.ts';
import { consoleRoutes } from './index.ts';

const database = useDatabase();
const hostile = '<script>alert("x")</script>';
const phone = '+49 30 7654321';
let everything = '';
let stockOnly = '';

/** Asks the console as it is mounted, with the cookie of a token. */
async function ask(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const authenticate = async (text: string) =>
    (await database.read((db) => authenticateToken(db, text, new Date())))?.actor ?? null;
  const app = createApp({ database, log: quietLog, authenticate });
  app.route('/', consoleRoutes({ deps: { database, clock: systemClock }, authenticate }));
  return app.request(path, { headers });
}

async function look(token: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const response = await ask('/', { cookie: `wharf_token=${token}`, ...headers });
  expect(response.status).toBe(200);
  return response.text();
}

beforeAll(async () => {
  const world = await openIntakeWorld(database);
  const receiver = receiverOf({ name: `${hostile} Lovelace`, city: hostile, phone });
  await world.takeIn(
    [soldOrder('o1', { receiver, lines: [soldLine('1', { quantity: 2, amountMinor: 123_456 })] })],
    [soldOrder('o2', { paymentState: 'unpaid', paidAt: null, placedAt: '2026-11-19T10:00:00Z' })],
  );
  await database.run(async (ctx) => {
    await allocate(ctx, 100);
    await createProducts(ctx, [
      { title: 'p', skus: [{ code: '"><img src=x>', title: hostile, weightG: null, barcodes: [] }] },
    ]);
    await openExceptions(ctx, [
      {
        kind: 'test.stuck',
        subjectKind: 'order',
        subjectId: 'x',
        shopId: null,
        cause: {},
        nextStep: `Look at ${hostile}.`,
      },
    ]);
    await pauseLane(ctx, 'allocation');
    everything = (await createToken(ctx, { name: 'all', scopes: ['*'], expiresAt: null })).token;
    stockOnly = (await createToken(ctx, { name: 'stock', scopes: ['stock:read'], expiresAt: null })).token;
  });
});

describe('signing in', () => {
  it('is refused without a token, and the answer says nothing but how to sign in', async () => {
    const response = await ask('/');
    expect(response.status).toBe(401);
    const page = await response.text();
    expect(page).toContain('Sign in');
    expect(page).not.toMatch(/Orders|Stock|refresh/);
  });

  it('is refused with a token that nobody has, which is not kept', async () => {
    const response = await ask('/?token=wharf_00000000_unknown');
    expect(response.status).toBe(401);
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await response.text()).not.toContain('wharf_00000000_unknown');
  });

  it('by the address keeps the token in a cookie that scripts and other sites do not get, and takes it off the address', async () => {
    const response = await ask(`/?token=${everything}`);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/');
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toContain(`wharf_token=${everything}`);
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Strict/i);
  });
});

describe('the page', () => {
  it('shows orders, stock, lanes and health', async () => {
    const page = await look(everything);
    for (const heading of ['Orders', 'Stock', 'Lanes', 'Health'])
      expect(page).toMatch(new RegExp(`<h2[^>]*>${heading}</h2>`));
    expect(page).toContain('1234.56');
    expect(page).toContain('not paid');
    expect(page).toMatch(/Why order 1\d{3} ships from there/);
    expect(page).toMatch(/WH-\d+ has everything and was chosen\./);
    expect(page).toContain('paused');
    expect(page).toContain('test.stuck');
  });

  it('is the same in Chinese, asked for by the address, the cookie or the browser', async () => {
    const byBrowser = await look(everything, { 'accept-language': 'zh-CN,zh;q=0.9' });
    const byCookie = await look(everything, { cookie: `wharf_token=${everything}; wharf_lang=zh` });
    const asked = await ask('/?lang=zh', { cookie: `wharf_token=${everything}` });
    expect(asked.headers.get('set-cookie')).toContain('wharf_lang=zh');
    for (const page of [byBrowser, byCookie, await asked.text()]) {
      expect(page).toContain('<html lang="zh-CN">');
      for (const heading of ['订单', '库存', '通道任务', '健康'])
        expect(page).toMatch(new RegExp(`<h2[^>]*>${heading}</h2>`));
      expect(page).toContain('货品齐全');
      expect(page).not.toMatch(/>(Orders|Stock|Lanes|Health|paid|planned|Nothing yet\.)</);
    }
  });

  it('escapes what strangers wrote', async () => {
    const page = await look(everything);
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
    expect(page).toContain('&quot;&gt;&lt;img src=x&gt;');
  });

  it('shows nobody by name or phone', async () => {
    const page = await look(everything);
    expect(page).toContain('&lt;**');
    for (const personal of ['Lovelace', phone, '7654321', 'ada@example.com', 'Kaistraße']) {
      expect(page).not.toContain(personal);
    }
  });

  it('leaves out what the token may not see, and names the scope', async () => {
    const page = await look(stockOnly);
    expect(page).toContain('This token lacks the scope orders:read.');
    expect(page).toContain('This token lacks the scope audit:read.');
    expect(page).toContain('WH-');
    expect(page).not.toContain('1234.56');
    expect(page).not.toContain('test.stuck');
  });

  it('refreshes itself without a script, and loads nothing but its own stylesheet and icon', async () => {
    const response = await ask('/', { cookie: `wharf_token=${everything}` });
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'self'");
    expect(response.headers.get('cache-control')).toBe('no-store');
    const page = await response.text();
    expect(page).toContain('<meta http-equiv="refresh" content="5"/>');
    const loaded = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address ?? '');
    expect(loaded.every((address) => address.startsWith('/'))).toBe(true);
    const sheet = loaded.find((address) => address.startsWith('/console.css')) ?? '';
    const style = await ask(sheet);
    expect(style.headers.get('content-type')).toContain('text/css');
    expect(await style.text()).not.toMatch(/url\(|@import/);
  });
});
