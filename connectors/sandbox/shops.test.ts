import { describe, expect, it } from 'vitest';
import { fromLocalText, toLocalText } from './local-time.ts';
import { buy, pollAll, stage } from './plants/stage.ts';

describe('a self-hosted shop', () => {
  it('writes the time of its wall clock, an hour of which comes twice', () => {
    const zone = 'Europe/Berlin';
    const [first, second] = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map((at) =>
      toLocalText(new Date(at), zone),
    );
    expect([first, second]).toEqual(['2026-10-25T02:30:00', '2026-10-25T02:30:00']);
    expect(fromLocalText('2026-10-25T02:30:00', zone)).toBe('2026-10-25T02:30:00+02:00');
    expect(fromLocalText('2026-10-25T03:30:00', zone)).toBe('2026-10-25T03:30:00+01:00');
    expect(fromLocalText('2026-07-01T12:00:00', zone)).toBe('2026-07-01T12:00:00+02:00');
    expect(fromLocalText('2026-03-29T02:30:00', zone)).toBe('2026-03-29T02:30:00+01:00');
    expect(fromLocalText('2026-07-01T12:00:00Z', zone)).toBeNull();
  });

  it('is read without a gap over the night when its clock is put back', async () => {
    const made = stage('self_hosted', { start: '2026-10-24T23:30:00.000Z' });
    made.shop.setFaults({ outageRate: 0, throttleRate: 0, slowRate: 0 });
    const placed: string[] = [];
    const seen = new Set<string>();
    let resume: unknown = null;
    for (let step = 0; step < 30; step += 1) {
      placed.push(buy(made));
      made.clock.advance(5 * 60_000);
      const polled = await pollAll(made, resume, new Date('2026-10-24T23:00:00.000Z'));
      for (const id of polled.ids) seen.add(id);
      resume = polled.resume;
      expect(placed.filter((id) => !seen.has(id))).toEqual([]);
    }
  });

  it('subtracts what it has sold and not sent from what it is told', async () => {
    const made = stage('self_hosted');
    made.shop.setFaults({ outageRate: 0, throttleRate: 0, slowRate: 0, loseAnswerRate: 0 });
    const id = made.listings[0] ?? '';
    const orderId = buy(made, 3);
    const { stock } = made.connector;
    await stock?.pushStock(made.io(), [{ listingExternalId: id, quantity: 13, locations: [], version: '1' }]);
    const shown = async (): Promise<unknown> => (await stock?.readStock?.(made.io(), [id]))?.[0];
    expect(made.shop.saleable(id)).toBe(10);
    expect(await shown()).toMatchObject({ saleable: 10, locations: [{ quantity: 13 }, { quantity: 0 }] });
    made.shop.cancelOrder(orderId);
    expect(await shown()).toMatchObject({ saleable: 13, locations: [{ quantity: 13 }, { quantity: 0 }] });
  });

  it('does not move the change time for what its staff does', () => {
    const made = stage('self_hosted');
    const id = buy(made);
    const before = made.shop.order(id).updatedAt;
    made.clock.advance(60_000);
    expect(made.shop.annotateOrder(id, 'a note').updatedAt).toBe(before);
    expect(made.shop.cancelOrder(id).updatedAt).toBe(before);
  });

  it('is out for a few calls in a row, and throttles without saying how long', async () => {
    const made = stage('self_hosted');
    made.shop.setFaults({ outageRate: 0.1, throttleRate: 0.1, slowRate: 0 });
    const kinds: string[] = [];
    for (let call = 0; call < 200; call += 1) {
      kinds.push(
        await made.connector.check(made.io()).then(
          () => 'ok',
          (error: { reason?: { retryAfterMs?: unknown }; kind?: string }) => {
            if (error.kind === 'rate_limited') expect(error.reason?.retryAfterMs).toBeNull();
            return error.kind ?? 'other';
          },
        ),
      );
    }
    expect(new Set(kinds)).toEqual(new Set(['ok', 'unavailable', 'rate_limited']));
    expect(kinds.join()).toContain('unavailable,unavailable,unavailable');
  });
});

describe('a shop that sells every unit as a line', () => {
  it('cancels one unit a call and splits orders with their money', async () => {
    const made = stage('unit_lines');
    const { orders } = made.connector;
    const [two = '', one = ''] = made.listings;
    const id = made.shop.placeOrder({
      lines: [
        { listingId: two, quantity: 2 },
        { listingId: one, quantity: 1 },
      ],
      shippingMinor: 490,
      taxBasisPoints: 1900,
      discounts: [{ code: null, title: 'Day', amountMinor: 101, fundedBy: 'platform' }],
    }).id;
    const { lines, totalMinor } = made.shop.order(id);
    expect(lines.map(({ quantity }) => quantity)).toEqual([1, 1, 1]);
    const before = made.shop.saleable(two);
    const [first = '', ...others] = lines.map((line) => line.id);
    const parts = made.shop.splitOrder(id, {
      groups: [[first], others],
      first: 'parts',
    });
    expect(parts.reduce((sum, part) => sum + part.totalMinor, 0)).toBe(totalMinor);
    const ids = parts.map((part) => part.id);
    const documents = (await orders.readOrders?.(made.io(), ids)) ?? [];
    const read = documents.map(({ body }) => orders.toChannelOrder(body, made.settings));
    expect(read.map(({ partOfExternalId }) => partOfExternalId)).toEqual([id, id]);
    expect(made.shop.saleable(two)).toBe(before);
    expect(() => made.shop.cancelOrder(id)).toThrow(/no unit is open/);
    await orders.cancelOrder?.(made.io(), { orderExternalId: ids[1] ?? '', lines: null, reason: 'asked' });
    expect(made.shop.journal().filter(({ kind }) => kind === 'cancelled')).toHaveLength(2);
    expect(made.shop.saleable(two)).toBe(before + 1);
  });

  it('refuses some items of a batch and takes the others', async () => {
    const made = stage('unit_lines');
    made.shop.setFaults({ refuseItemRate: 0.3 });
    const ids = made.listings.slice(0, 18);
    const results = await made.connector.stock?.pushStock(
      made.io(),
      ids.map((listingExternalId) => ({ listingExternalId, quantity: 7, locations: [], version: '1' })),
    );
    const told = (results ?? []).filter(({ outcome }) => outcome === 'told').map((each) => each.listingExternalId);
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(ids.length);
    expect(ids.filter((id) => made.shop.saleable(id) === 7)).toEqual(told);
  });
});

describe('webhooks that are driven', () => {
  it('go when their driver says so, and again on the shop’s clock until they are taken', async () => {
    const answers = [500, 200, 200];
    const taken: string[] = [];
    const fetch: typeof globalThis.fetch = async (_, init) => {
      const status = answers.shift() ?? 200;
      if (status === 200) taken.push(String(init?.body));
      return new Response(null, { status });
    };
    const made = stage('webhooks', { webhookDelivery: 'driven', fetch });
    await made.connector.webhooks?.register?.(made.io(), 'http://hub.test/hooks/1');
    buy(made);
    buy(made);
    expect([made.shop.webhooks.due().length, taken.length]).toEqual([2, 0]);
    expect(await made.shop.webhooks.deliverDue()).toBe(2);
    expect([made.shop.webhooks.due().length, taken.length]).toEqual([0, 1]);
    expect(made.shop.webhooks.nextDueAt()).toEqual(new Date(made.clock.now().getTime() + 500));
    made.clock.advance(500);
    expect(await made.shop.webhooks.deliverDue()).toBe(1);
    expect([made.shop.webhooks.nextDueAt(), taken.length]).toEqual([null, 2]);
  });
});
