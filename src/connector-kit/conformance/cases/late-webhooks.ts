import assert from 'node:assert/strict';
import type { VerifiedWebhook } from '../../connector.ts';
import type { RawDocument } from '../../pull.ts';
import { onBench, type Bench } from '../bench.ts';
import type { ConformanceHarness, WorldWebhooks } from '../harness.ts';
import { lagOf, poll } from '../poll.ts';

const changes = 3;
const delayMs = 3 * 24 * 3_600_000;

/**
 * Webhooks that never come cost nothing where the channel is polled: a poll shows the last change. Those that come three days
 * late, the newest first, are the events they were: the same key, the same document, no newer than before.
 */
export async function droppedAndDelayed(harness: ConformanceHarness): Promise<void> {
  await onBench(harness, async (bench) => {
    const webhooks = bench.world.webhooks ?? assert.fail('the connector has webhooks and its harness has none');
    const placed = await bench.world.placeOrder({ lines: [{ quantity: 1 }] });
    for (let change = 0; change < changes; change += 1) {
      bench.world.advance(60_000);
      await bench.world.touchOrder(placed.externalId);
    }
    const events = webhooks.sent();
    assert.equal(events.length, changes + 1, `${changes + 1} changes of an order sent ${events.length} webhooks`);
    const onTime = events.map((event) => verified(bench, webhooks, event));
    if (bench.connector.orders.pullOrders !== undefined) await foundWithout(bench, placed.externalId);
    bench.world.advance(delayMs);
    const late = events
      .toReversed()
      .map((event) => verified(bench, webhooks, event))
      .toReversed();
    assert.deepEqual(late, onTime, 'a webhook that comes late is not the event that it was');
    assertOrdered(onTime);
  });
}

/** No webhook was looked at: what polls show is the order as it reads now. */
async function foundWithout(bench: Bench, externalId: string): Promise<void> {
  bench.world.advance(lagOf(bench) + 1_000);
  const shown: RawDocument[] = [];
  await poll(bench, null, (page) => {
    shown.push(...page.documents.filter((document) => document.externalId === externalId));
  });
  const last = shown.at(-1) ?? assert.fail(`no poll showed order ${externalId}, whose webhooks were lost`);
  assert.deepEqual(bench.translate(last), bench.translate(await bench.read(externalId)), 'a poll shows an older order');
}

function verified(
  bench: Bench,
  webhooks: WorldWebhooks,
  event: Parameters<WorldWebhooks['redeliver']>[0],
): VerifiedWebhook {
  const request = webhooks.redeliver(event);
  const result = bench.connector.webhooks?.verify(bench.world.settings, request, bench.world.now()) ?? null;
  return result ?? assert.fail('a well-signed webhook was refused because its event is old');
}

/** A document must say which is the newer: by its version, or by when the channel told it. */
function assertOrdered(events: readonly VerifiedWebhook[]): void {
  const carried = events.filter(({ document }) => document !== null);
  carried.reduce(
    (older, newer) => {
      const rises = BigInt(newer.document?.version ?? -1) > BigInt(older.document?.version ?? -1);
      const isLater = Number(newer.toldAt) > Number(older.toldAt);
      assert.ok(rises || isLater, 'two documents of one order cannot be told apart by age');
      return newer;
    },
    { dedupeKey: '', topic: 'order', externalId: null, document: null, toldAt: new Date(0) } satisfies VerifiedWebhook,
  );
}
