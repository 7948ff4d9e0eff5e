import { describe, expect, it } from 'vitest';
import type { ConnectorIo } from '../../src/connector-kit/index.ts';
import type { SandboxCharacter } from './fake/index.ts';
import { buy, pollAll, stage } from './plants/stage.ts';
import { sandboxOf } from './sandbox-of.ts';
import { signCall } from './sign-call.ts';

describe('the five characters', () => {
  it('differ in what their connectors can do', () => {
    const can = (character: SandboxCharacter): unknown[] => {
      const { webhooks, stock, orders, renewal } = sandboxOf(character);
      return [
        webhooks !== undefined,
        stock?.meaning,
        stock?.readStockVersions !== undefined,
        orders.rereadOpen,
        renewal !== undefined,
      ];
    };
    expect(can('webhooks')).toEqual([true, 'saleable', true, false, false]);
    expect(can('poll_only')).toEqual([false, 'saleable', false, false, false]);
    expect(can('masked')).toEqual([true, 'saleable', false, false, true]);
    expect(can('self_hosted')).toEqual([true, 'on_hand', false, true, false]);
    expect(can('unit_lines')).toEqual([true, 'saleable', false, false, false]);
  });

  it('do the same for the same seed', async () => {
    const run = async (character: SandboxCharacter): Promise<string> => {
      const made = stage(character);
      const statuses: number[] = [];
      for (let step = 0; step < 12; step += 1) {
        buy(made);
        made.clock.advance(1_000);
        made.shop.setFaults({ slowRate: 0 });
        const answer = await made.connector.orders.pullOrders?.(made.io(), null, new Date(0)).catch(String);
        statuses.push(typeof answer === 'object' ? answer.items.length : 0);
      }
      return JSON.stringify([statuses, made.shop.state, [...made.shop.faultCounts]]);
    };
    for (const character of ['poll_only', 'self_hosted', 'unit_lines'] as const) {
      expect(await run(character)).toBe(await run(character));
    }
  });
});

describe('a shop that compares', () => {
  it('refuses a number that was decided before a sale, and takes it once the sale is known', async () => {
    const made = stage('webhooks');
    const { stock } = made.connector;
    const id = made.listings[0] ?? '';
    const push = async (quantity: number, ifVersion: string) =>
      stock?.pushStock(made.io(), [{ listingExternalId: id, quantity, locations: [], version: '1', ifVersion }]);
    const version = async (): Promise<string> => (await stock?.readStockVersions?.(made.io(), [id]))?.get(id) ?? '';
    const before = await version();
    buy(made, 2);
    expect(await push(50, before)).toMatchObject([{ outcome: 'failed', code: 'conflict' }]);
    expect(made.shop.saleable(id)).toBe(48);
    expect(await push(50, await version())).toEqual([{ listingExternalId: id, outcome: 'told' }]);
    expect(made.shop.faultCounts.get('stale_set_refused')).toBe(1);
  });
});

describe('a shop that is polled only', () => {
  it('shows a change late, and at each door in its own time', async () => {
    const made = stage('poll_only');
    const { orders } = made.connector;
    const firsts = new Set<string>();
    for (let each = 0; each < 8; each += 1) {
      const id = buy(made);
      const doors = {
        list: async () => (await pollAll(made, null, new Date(0))).ids.includes(id),
        byId: async () => (await orders.readOrders?.(made.io(), [id]))?.length === 1,
        count: async () => (await orders.countOrders?.(made.io(), new Date(0))) === each + 1,
      };
      const shown: string[] = [];
      for (let second = 0; second <= 20; second += 1) {
        for (const [door, shows] of Object.entries(doors)) {
          if (!shown.includes(door) && (await shows())) shown.push(door);
        }
        made.clock.advance(1_000);
      }
      expect(shown).toHaveLength(3);
      firsts.add(shown[0] ?? '');
    }
    expect(firsts.size).toBeGreaterThan(1);
  });

  it('is read without a gap, though rows move, come late and share their times', async () => {
    const made = stage('poll_only');
    const placed = new Set<string>();
    const seen = new Set<string>();
    let resume: unknown = null;
    for (let round = 0; round < 12; round += 1) {
      for (let each = 0; each < 40; each += 1) placed.add(buy({ ...made, listings: made.listings.slice(-1) }));
      for (const id of [...placed].slice(round, round + 5)) made.shop.annotateOrder(id, `round ${round}`);
      made.clock.advance(3_000);
      const polled = await pollAll(made, resume, new Date('2026-03-01T07:00:00.000Z'));
      for (const id of polled.ids) seen.add(id);
      resume = polled.resume;
    }
    made.clock.advance(20_000);
    for (const id of (await pollAll(made, resume, new Date(0))).ids) seen.add(id);
    expect([...placed].filter((id) => !seen.has(id))).toEqual([]);
    expect(made.shop.faultCounts.get('shown_late')).toBeGreaterThan(100);
  });

  it('writes whole seconds that many orders share, and no two changes of one order', () => {
    const made = stage('poll_only');
    const ids = Array.from({ length: 5 }, () => buy({ ...made, listings: made.listings.slice(-1) }));
    expect(new Set(ids.map((id) => made.shop.order(id).updatedAt)).size).toBe(1);
    const times = [1, 2, 3].map((change) => made.shop.annotateOrder(ids[0] ?? '', String(change)).updatedAt);
    expect(new Set(times).size).toBe(3);
  });
});

describe('a shop that masks', () => {
  it('shows stars and a token that expires, in Beijing’s time', async () => {
    const made = stage('masked');
    const [document] = (await made.connector.orders.readOrders?.(made.io(), [buy(made)])) ?? [];
    expect(document?.body).not.toContain('Ada Example');
    expect(document?.body).toContain('2026-03-01 16:00:00');
    const order = made.connector.orders.toChannelOrder(document?.body ?? '', made.settings);
    expect(order.placedAt).toBe('2026-03-01T16:00:00+08:00');
    expect(order.receiver).toMatchObject({ sourcePolicy: 'token', expiresAt: '2026-03-16T08:00:00.000Z' });
    expect(order.receiver?.token).toMatch(/^[\w-]{43}$/);
    expect(order.receiver?.address).toMatchObject({ name: 'A**', lines: ['**路**号'] });
  });

  it('takes no call that is unsigned, signed anew after a change, or signed long ago', async () => {
    const made = stage('masked');
    const urls: string[] = [];
    const spy: ConnectorIo<unknown> = {
      ...made.io(),
      fetch: (input, init) => {
        urls.push(String(input));
        return made.shop.fetch(new Request(input, init));
      },
    };
    await made.connector.check(spy);
    const status = async (url: string): Promise<number> => (await made.shop.fetch(new Request(url))).status;
    const signed = urls[0] ?? '';
    expect(await status(signed)).toBe(200);
    expect(await status(`${signed}&limit=5`)).toBe(401);
    expect(await status(signed.replace(/sign=[0-9A-F]+/, 'sign='))).toBe(401);
    made.clock.advance(10 * 60_000 + 1_000);
    expect(await status(signed)).toBe(401);
  });

  it('signs as Taobao does', () => {
    const params = Object.entries({
      v: '2.0',
      app_key: '12345678',
      method: 'taobao.trades.sold.increment.get',
      session: 'test-session',
      timestamp: '2026-01-02 03:04:05',
      sign_method: 'hmac-sha256',
      format: 'json',
      fields: 'tid,status,modified',
      start_modified: '2026-01-02 00:00:00',
      end_modified: '2026-01-02 00:30:00',
      page_no: '1',
      page_size: '50',
      use_has_next: 'true',
      empty: '',
      sign: 'not signed itself',
    });
    const expected = '0F40FE0E2B5A4F941AB11A11BBE8B15382C2242B9A82BCB3D5DB3D4F29F79CC0';
    expect(signCall('helloworld', params, '')).toBe(expected);
    expect(signCall('helloworld', params, '{}')).not.toBe(expected);
  });

  it('ends the access after four hours, and renews it once for each refresh token', async () => {
    const made = stage('masked');
    const { connector } = made;
    const renewal = connector.renewal ?? expect.fail('no renewal');
    const first = made.settings;
    expect(renewal.dueAt(first).getTime()).toBeGreaterThan(made.clock.now().getTime());
    made.clock.advance(4 * 3_600_000);
    expect(renewal.dueAt(first).getTime()).toBeLessThan(made.clock.now().getTime());
    await expect(connector.check(made.io())).rejects.toMatchObject({ kind: 'unauthorised' });
    const [one, two] = await Promise.all([renewal.renew(made.io()), renewal.renew(made.io())]);
    expect(one).toEqual(two);
    await connector.check(made.io(one));
    await expect(renewal.renew(made.io(first))).rejects.toMatchObject({ kind: 'unauthorised' });
    expect(made.shop.journal().filter(({ kind }) => kind === 'token_refreshed')).toHaveLength(1);
    await connector.check(made.io(await renewal.renew(made.io(one))));
  });

  it('parks an order under a status word that nobody has documented, and shows it again after its next change', async () => {
    const made = stage('masked');
    made.shop.setFaults({ oddStatusNext: 1 });
    const id = buy(made);
    const translate = async () => {
      const [document] = (await made.connector.orders.readOrders?.(made.io(), [id])) ?? [];
      return made.connector.orders.toChannelOrder(document?.body ?? '', made.settings);
    };
    await expect(translate()).rejects.toMatchObject({ reason: { kind: 'unknown_code', field: 'status' } });
    made.shop.annotateOrder(id, 'settled');
    expect((await translate()).paymentState).toBe('paid');
  });
});
