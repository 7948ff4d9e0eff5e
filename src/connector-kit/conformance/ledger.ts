import assert from 'node:assert/strict';
import type { RawDocument } from '../pull.ts';
import type { ChannelOrder } from '../models/order.ts';
import type { Bench } from './bench.ts';
import type { OrderSpec, PlacedOrder } from './harness.ts';

/** Keeps what was placed, how often each order was changed, and what polls have shown of it. */
export type Ledger = {
  place(spec?: OrderSpec): Promise<PlacedOrder>;
  touch(externalId: string): Promise<void>;
  /** Takes in a page that was read just now. A repeat of an order that was not changed since must be the same document. */
  note(documents: readonly RawDocument[]): void;
  /** An order that no page has shown yet, or null. */
  unread(): string | null;
  assertNoneMissed(): void;
  /** The last change of every order was shown, where the connector says its change clock can be trusted. */
  assertLatestSeen(): void;
};

export function makeLedger(bench: Bench): Ledger {
  const changes = new Map<string, number>();
  const seen = new Map<string, { changes: number; order: ChannelOrder }>();
  return {
    async place(spec = { lines: [{ quantity: 1 }] }) {
      const placed = await bench.world.placeOrder(spec);
      changes.set(placed.externalId, 0);
      return placed;
    },
    async touch(externalId) {
      await bench.world.touchOrder(externalId);
      changes.set(externalId, (changes.get(externalId) ?? 0) + 1);
    },
    note(documents) {
      for (const document of documents) {
        const count = changes.get(document.externalId);
        assert.ok(count !== undefined, `a poll gave order ${document.externalId}, which was never placed`);
        const order = bench.translate(document);
        assert.equal(order.externalId, document.externalId, 'the document names another order than its body');
        const before = seen.get(document.externalId);
        if (before !== undefined && before.changes === count) assert.deepEqual(order, before.order);
        seen.set(document.externalId, { changes: count, order });
      }
    },
    unread: () => [...changes.keys()].find((externalId) => !seen.has(externalId)) ?? null,
    assertNoneMissed() {
      const missed = [...changes.keys()].filter((externalId) => !seen.has(externalId));
      assert.deepEqual(missed, [], `${missed.length} of ${changes.size} orders were never shown by a poll`);
    },
    assertLatestSeen() {
      if (bench.connector.orders.rereadOpen) return;
      const stale = [...changes].filter(([externalId, count]) => seen.get(externalId)?.changes !== count);
      assert.deepEqual(stale, [], `the last change of ${stale.length} orders was never shown by a poll`);
    },
  };
}
