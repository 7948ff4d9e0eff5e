import assert from 'node:assert/strict';
import type { ChannelOrder } from '../../models/order.ts';
import { onBench, partOf, type Bench } from '../bench.ts';
import type { ConformanceHarness, PlacedOrder } from '../harness.ts';
import { poll } from '../poll.ts';

/**
 * The channel splits an order: each part is an order that names the one it is part of, polls show all of them, their lines are
 * distinct, and together they have the units and the money of the one that was sold.
 */
export async function channelSideSplit(harness: ConformanceHarness): Promise<void> {
  await onBench(harness, async (bench) => {
    const split = partOf('splitOrder', bench.world.splitOrder);
    const placed = await bench.world.placeOrder({ lines: [{ quantity: 2 }, { quantity: 3 }] });
    bench.world.advance(1_000);
    const whole = bench.translate(await bench.read(placed.externalId));
    assert.equal(whole.partOfExternalId, null, 'an order that was never split says it is part of another');
    const ids = await split(placed.externalId);
    assert.ok(ids.length >= 2, 'the fake split an order into fewer than two parts');
    bench.world.advance(1_000);
    const parts: ChannelOrder[] = [];
    for (const id of ids) parts.push(bench.translate(await bench.read(id)));
    checkParts(placed, parts);
    await assertShown(bench, ids);
  });
}

function checkParts(placed: PlacedOrder, parts: readonly ChannelOrder[]): void {
  for (const part of parts) {
    assert.equal(
      part.partOfExternalId,
      placed.externalId,
      `part ${part.externalId} does not name the order it is part of`,
    );
  }
  const lines = parts.flatMap((part) => part.lines);
  assert.equal(new Set(lines.map((line) => line.externalId)).size, lines.length, 'two parts share a line');
  for (const { listingExternalId } of placed.lines) {
    const [units, sold] = [unitsOfListing(lines, listingExternalId), unitsOfListing(placed.lines, listingExternalId)];
    assert.equal(units, sold, `the parts have ${units} units of listing ${listingExternalId}, not ${sold}`);
  }
  const totalMinor = parts.reduce((sum, part) => sum + part.totalMinor, 0);
  assert.equal(totalMinor, placed.totalMinor, 'the totals of the parts do not sum to what was charged');
}

function unitsOfListing(
  lines: readonly { readonly listingExternalId: string | null; readonly quantity: number }[],
  listingExternalId: string,
): number {
  return lines.reduce((sum, line) => sum + (line.listingExternalId === listingExternalId ? line.quantity : 0), 0);
}

async function assertShown(bench: Bench, ids: readonly string[]): Promise<void> {
  if (bench.connector.orders.pullOrders === undefined) return;
  const shown = new Set<string>();
  await poll(bench, null, (page) => {
    for (const { externalId } of page.documents) shown.add(externalId);
  });
  assert.deepEqual(
    ids.filter((id) => !shown.has(id)),
    [],
    'a part is not shown by polls',
  );
}
