import assert from 'node:assert/strict';
import type { RawDocument } from '../../pull.ts';
import { onBench, type Bench } from '../bench.ts';
import type { ConformanceHarness } from '../harness.ts';

/**
 * Case 4. Three changes of one order within one instant: read after each, the documents differ, and either each carries a
 * higher version than the one before or none carries a version, so that the hub orders them by read time. A webhook that
 * brings a whole document brings its version with it, whatever order it arrives in.
 */
export async function reorder(harness: ConformanceHarness): Promise<void> {
  await onBench(harness, async (bench) => {
    const placed = await bench.world.placeOrder({ lines: [{ quantity: 1 }] });
    const documents = [await bench.read(placed.externalId)];
    for (let change = 0; change < 3; change += 1) {
      await bench.world.touchOrder(placed.externalId);
      documents.push(await bench.read(placed.externalId));
    }
    const translated = documents.map((document) => JSON.stringify(bench.translate(document)));
    assert.equal(new Set(translated).size, documents.length, 'a change of the order does not show in its document');
    assertRising(documents.map((document) => document.version));
    for (const document of documents) {
      assert.equal(bench.translate(document).version, document.version, 'document and order carry different versions');
    }
    checkWebhooks(bench, documents);
  });
}

function assertRising(versions: readonly (string | null)[]): void {
  const known = versions.filter((version): version is string => version !== null);
  if (known.length === 0) return;
  assert.equal(known.length, versions.length, 'some documents of one order carry a version and some do not');
  known.reduce((older, newer) => {
    assert.ok(BigInt(newer) > BigInt(older), `version ${newer} of a newer document is not above ${older}`);
    return newer;
  });
}

/** Newest first, as a bad network may bring them. */
function checkWebhooks(bench: Bench, documents: readonly RawDocument[]): void {
  const { webhooks } = bench.world;
  if (webhooks === undefined) return;
  const versions = new Set(documents.map((document) => document.version));
  const carried = [...webhooks.sent()]
    .toReversed()
    .map((event) =>
      bench.connector.webhooks?.verify(bench.world.settings, webhooks.redeliver(event), bench.world.now()),
    )
    .flatMap((result) => (result?.document ? [result.document] : []));
  for (const document of carried) {
    assert.notEqual(document.version, null, 'a webhook brings a document without a version: it cannot be ordered');
    assert.ok(versions.has(document.version), `a webhook brings version ${document.version}, which was never read`);
  }
  assertRising(carried.toReversed().map((document) => document.version));
}
