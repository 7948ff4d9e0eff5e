import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { secretFields } from '../../settings.ts';
import { onBench, type Bench } from '../bench.ts';
import { pushOf, readCalls, writeCalls, type Call } from '../calls.ts';
import type { ConformanceHarness, PlacedOrder } from '../harness.ts';

/** What a confused server or a proxy between might say of a request and its order. */
const answers = [400, 401, 404, 409, 422, 429, 500, 502] as const;

/**
 * No credential, token or signature and no personal datum of a buyer stands in a line that the connector logs, in a fault (its
 * message, reason and causes), or in the result of a push: over calls that succeed, that the channel refuses in its own
 * words, and that fail in every way, the server's page of error quoting both.
 */
export async function silentLogs(harness: ConformanceHarness): Promise<void> {
  await onBench(harness, async (bench) => {
    assert.ok(bench.world.personalData.length > 0, 'the harness names no personal data');
    const placed = await bench.world.placeOrder({ lines: [{ quantity: 4 }] });
    assertIsThere(bench, JSON.stringify(bench.translate(await bench.read(placed.externalId))));
    const said: string[] = [];
    const { settings, wrongSettings } = bench.world;
    const reads = readCalls(bench, placed);
    await listen(said, [...reads, ...writeCalls(bench, placed, 'heard'), ...refusedCalls(bench, placed)]);
    await listen(said, readCalls(bench, placed, wrongSettings));
    for (const status of answers) {
      bench.chaos.set({ kind: 'answer', status, body: [...confidences(bench)].join(' ') });
      await listen(said, [...reads, ...writeCalls(bench, placed, `under-${status}`)]);
    }
    bench.chaos.set({ kind: 'cut' });
    await listen(said, [...reads, ...writeCalls(bench, placed, 'cut')]);
    listenToWords(bench, said, placed.externalId);
    assert.ok(said.length > answers.length, 'no call failed: the case proves nothing');
    const secrets = [...secretsOf(bench, settings), ...secretsOf(bench, wrongSettings), ...bench.carried];
    for (const text of [...bench.logged, ...said]) {
      for (const secret of secrets) assert.ok(!text.includes(secret), `${whatHolds(text)} holds a secret`);
      for (const datum of bench.world.personalData) {
        assert.ok(!text.includes(datum), `${whatHolds(text)} holds personal data`);
      }
    }
  });
}

/** Personal data that no order carries would never be found anywhere. */
function assertIsThere(bench: Bench, order: string): void {
  const found = bench.world.personalData.filter((datum) => order.includes(datum));
  assert.ok(found.length > 0, 'no order of the fake carries any of the personal data that its harness names');
}

async function listen(said: string[], calls: readonly Call[]): Promise<void> {
  for (const [what, call] of calls) {
    const told = await call().then(
      (result) => (what.startsWith('pushStock') ? inspect(result, { depth: 10 }) : null),
      (error: unknown) => inspect(error, { depth: 10 }),
    );
    if (told !== null) said.push(`${what}: ${told}`);
  }
}

/** What the channel refuses in its own words: orders, units and money that are not there. */
function refusedCalls(bench: Bench, placed: PlacedOrder): Call[] {
  const { shipments, orders, stock } = bench.connector;
  const tooMany = [{ lineExternalId: placed.lines[0]?.externalId ?? '', quantity: 900 }];
  const calls: Call[] = [];
  for (const orderExternalId of [placed.externalId, '999999999']) {
    if (shipments !== undefined) {
      const parcel = { packageReference: 'p', trackingNumber: 'T', carrier: 'DHL', trackingUrl: null, lines: tooMany };
      const command = { orderExternalId, ...parcel, shippedAt: bench.world.now() };
      calls.push(['announceShipment', () => shipments.announceShipment(bench.io(), command)]);
    }
    const { cancelOrder, refundOrder } = orders;
    if (cancelOrder !== undefined) {
      const command = { orderExternalId, lines: tooMany, reason: 'asked', requestId: 'too-many' };
      calls.push(['cancelOrder', () => cancelOrder.call(orders, bench.io(), command)]);
    }
    if (refundOrder !== undefined) {
      const money = { amountMinor: 90_000_000, currency: placed.currency, reason: 'asked', lines: [] };
      calls.push([
        'refundOrder',
        () => refundOrder.call(orders, bench.io(), { orderExternalId, ...money, requestId: 'r' }),
      ]);
    }
  }
  if (stock !== undefined) {
    calls.push(['pushStock', () => stock.pushStock(bench.io(), [pushOf('999999999', 1, '1')])]);
  }
  return calls;
}

function listenToWords(bench: Bench, said: string[], externalId: string): void {
  for (const body of ['{"half":', '{}', JSON.stringify({ id: externalId })]) {
    try {
      bench.connector.orders.toChannelOrder(body, bench.world.settings);
    } catch (error) {
      said.push(inspect(error, { depth: 10 }));
    }
  }
}

function* confidences(bench: Bench): Iterable<string> {
  yield* bench.world.personalData;
  yield* secretsOf(bench, bench.world.settings);
}

function secretsOf(bench: Bench, settings: unknown): string[] {
  const values = new Map(Object.entries(Object(settings)));
  return secretFields(bench.connector.settings)
    .map((name) => values.get(name))
    .filter((value): value is string => typeof value === 'string' && value !== '');
}

/** The beginning of a text, without what it must not hold. */
function whatHolds(text: string): string {
  return `what was said of ${/^\w+/.exec(text)?.[0] ?? 'an order'}`;
}
