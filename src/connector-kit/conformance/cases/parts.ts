import assert from 'node:assert/strict';
import { onBench } from '../bench.ts';
import type { ConformanceHarness, OptionalPart } from '../harness.ts';

const optionalParts: readonly OptionalPart[] = ['refuseStockOf', 'sessions', 'unknownWords', 'splitOrder'];

/** Nothing is passed over in silence: every optional part of the fake is there or has its reason, and never both. */
export async function allPartsAccounted(harness: ConformanceHarness): Promise<void> {
  await onBench(harness, async ({ connector, world }) => {
    const { lacking = {} } = harness;
    for (const part of optionalParts) {
      const reason = lacking[part];
      assert.ok(reason === undefined || reason.trim() !== '', `the harness lacks ${part} for no reason`);
      const isThere = world[part] !== undefined;
      assert.ok(isThere || reason !== undefined, `the harness has no ${part}, and does not say why (lacking)`);
      assert.ok(!isThere || reason === undefined, `the harness has ${part}, and says it has not: ${reason}`);
    }
    const hasWebhooks = connector.webhooks !== undefined;
    assert.equal(
      world.webhooks !== undefined,
      hasWebhooks,
      'the world has webhooks where the connector has none, or not',
    );
    const hasStock = connector.stock !== undefined;
    assert.equal(
      world.saleableOf !== undefined,
      hasStock,
      'the world shows stock where the connector has none, or not',
    );
  });
}
