import assert from 'node:assert/strict';
import type { VerifiedWebhook } from '../../connector.ts';
import type { RawDocument } from '../../pull.ts';
import { onBench, type Bench } from '../bench.ts';
import type { ConformanceHarness, WorldWebhooks } from '../harness.ts';
import { poll } from '../poll.ts';

const deliveries = 10;

/**
 * Case 3. An order read twice by poll, and once by id, translates to the same document; translating is pure. A webhook
 * delivered ten times has one dedupe key, and another event has another.
 */
export async function duplicate(harness: ConformanceHarness): Promise<void> {
  await onBench(harness, async (bench) => {
    const placed = await bench.world.placeOrder({ lines: [{ quantity: 2 }, { quantity: 1 }] });
    bench.world.advance(1_000);
    if (bench.connector.orders.pullOrders !== undefined) await comparePolls(bench, placed.externalId);
    const document = await bench.read(placed.externalId);
    const settings = JSON.stringify(bench.world.settings);
    const order = bench.translate(document);
    assert.deepEqual(bench.translate(document), order, 'translating a document twice gives two different orders');
    assert.equal(JSON.stringify(bench.world.settings), settings, 'translating changed the settings');
    if (bench.world.webhooks !== undefined) await duplicateWebhooks(bench, bench.world.webhooks, placed.externalId);
  });
}

async function comparePolls(bench: Bench, externalId: string): Promise<void> {
  const first = await pollOne(bench, externalId);
  const second = await pollOne(bench, externalId);
  const read = await bench.read(externalId);
  const order = bench.translate(first);
  assert.deepEqual(bench.translate(second), order, 'two polls give two different orders');
  assert.deepEqual(bench.translate(read), order, 'reading by id gives another order than the poll');
  assert.equal(second.version, first.version, 'two polls give two versions of an order that was not changed');
  assert.equal(read.version, first.version, 'reading by id gives another version than the poll');
}

async function pollOne(bench: Bench, externalId: string): Promise<RawDocument> {
  const found: RawDocument[] = [];
  await poll(bench, null, (page) => {
    found.push(...page.documents.filter((document) => document.externalId === externalId));
  });
  return found[0] ?? assert.fail(`a poll did not give order ${externalId}`);
}

async function duplicateWebhooks(bench: Bench, webhooks: WorldWebhooks, externalId: string): Promise<void> {
  await bench.world.touchOrder(externalId);
  const events = webhooks.sent();
  assert.ok(events.length >= 2, 'the fake sent fewer than two webhooks for an order placed and changed');
  const keys = new Set<string>();
  for (const event of events) {
    const own = new Set<string>();
    for (let delivery = 0; delivery < deliveries; delivery += 1) {
      bench.world.advance(delivery * 1_000);
      own.add(verified(bench, webhooks.redeliver(event)).dedupeKey);
    }
    assert.equal(own.size, 1, `one event delivered ${deliveries} times has ${own.size} dedupe keys`);
    for (const key of own) keys.add(key);
  }
  assert.equal(keys.size, events.length, `${events.length} events share ${keys.size} dedupe keys`);
}

function verified(bench: Bench, request: Parameters<WorldWebhooks['redeliver']>[0]): VerifiedWebhook {
  const result = bench.connector.webhooks?.verify(bench.world.settings, request, bench.world.now()) ?? null;
  return result ?? assert.fail('a well-signed redelivery was refused');
}
