import assert from 'node:assert/strict';
import { z } from 'zod';
import { ChannelFault } from '../../channel-fault.ts';
import { onBench, partOf, type Bench } from '../bench.ts';
import type { ConformanceHarness, UnknownWord } from '../harness.ts';
import { poll } from '../poll.ts';

/**
 * A word that nobody has heard of stands in an order. The page that brings it brings its neighbours too; the order itself is a
 * fault that carries the word (of a store that speaks our words, one that names the place), and nobody guesses.
 */
export async function unknownEnumValues(harness: ConformanceHarness): Promise<void> {
  await onBench(harness, async (bench) => {
    const words = partOf('unknownWords', bench.world.unknownWords);
    assert.ok(words.length > 0, 'the harness plants no unknown word');
    for (const [index, word] of words.entries()) await planted(bench, word, `wharf_never_heard_${index}`);
  });
}

async function planted(bench: Bench, { field, plant }: UnknownWord, raw: string): Promise<void> {
  const strange = await bench.world.placeOrder({ lines: [{ quantity: 1 }] });
  const neighbour = await bench.world.placeOrder({ lines: [{ quantity: 1 }] });
  bench.world.advance(1_000);
  plant(strange.externalId, raw);
  if (bench.connector.orders.pullOrders !== undefined) {
    const shown = new Set<string>();
    await poll(bench, null, (page) => {
      for (const { externalId } of page.documents) shown.add(externalId);
    });
    assert.ok(shown.has(neighbour.externalId), `an unknown ${field} keeps the order beside it from being shown`);
    assert.ok(shown.has(strange.externalId), `an order with an unknown ${field} is not shown`);
  }
  const document = await bench.read(strange.externalId);
  assertCarries(field, raw, () => bench.translate(document), bench.connector.orders.fromChannelOrder !== undefined);
  bench.translate(await bench.read(neighbour.externalId));
}

function assertCarries(field: string, raw: string, translate: () => unknown, isInOurWords: boolean): void {
  try {
    translate();
  } catch (error) {
    if (isInOurWords && error instanceof z.ZodError) {
      assert.ok(
        error.issues.some(({ path }) => path.length > 0),
        `an unknown ${field} is refused without its place`,
      );
      return;
    }
    assert.ok(error instanceof ChannelFault, `an unknown ${field} threw ${String(error)}, not a ChannelFault`);
    assert.ok(error.reason.kind === 'unknown_code', `an unknown ${field} reported ${error.kind}, not unknown_code`);
    assert.equal(error.reason.raw, raw, `the fault of an unknown ${field} does not carry it`);
    assert.notEqual(error.reason.field, '', `the fault of an unknown ${field} does not name its place`);
    return;
  }
  assert.fail(`an unknown ${field} was translated: somebody guessed`);
}
