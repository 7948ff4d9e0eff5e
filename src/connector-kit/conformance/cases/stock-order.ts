import assert from 'node:assert/strict';
import { expectFault, onBench, partOf, type Bench } from '../bench.ts';
import { pushOf } from '../calls.ts';
import type { ConformanceHarness } from '../harness.ts';

/**
 * A stock push is overtaken by a newer one and arrives after it. Either the channel keeps the newer number, or reading back
 * shows the older one, so that the hub can see it; telling the newer number again mends it, although it was told before. A
 * push that the network brings twice is told once.
 */
export async function overtakenStock(harness: ConformanceHarness): Promise<void> {
  await onBench(harness, async (bench) => {
    const shown = partOf('saleableOf', bench.world.saleableOf?.bind(bench.world));
    const placed = await bench.world.placeOrder({ lines: [{ quantity: 2 }] });
    const id = placed.lines[0]?.listingExternalId ?? assert.fail('the placed order has no lines');
    await tell(bench, id, 20, '1');
    const offset = shown(id) - 20;
    bench.chaos.set({ kind: 'repeat', write: 1 });
    await tell(bench, id, 12, '2');
    assert.equal(shown(id), 12 + offset, 'a number that came twice is not shown as it was told');

    bench.chaos.set({ kind: 'delay', write: 1 });
    await expectFault('outcome_unknown', 'pushStock without an answer', () => tell(bench, id, 9, '3'));
    bench.chaos.set(null);
    await tell(bench, id, 4, '4');
    assert.equal(shown(id), 4 + offset, 'the newer number is not shown');
    await bench.chaos.arrive();
    await checkOvertaken(bench, id, { older: 9 + offset, newer: 4 + offset });

    await tell(bench, id, 4, '4');
    assert.equal(shown(id), 4 + offset, 'the newer number, told again, is not shown: it was thought to be known');
    await assertReadBack(bench, id, 4 + offset);
  });
}

async function checkOvertaken(
  bench: Bench,
  id: string,
  { older, newer }: { older: number; newer: number },
): Promise<void> {
  const now = bench.world.saleableOf?.(id);
  assert.ok(now === newer || now === older, `neither number is shown but ${now}`);
  if (now === newer) return;
  assert.ok(bench.connector.stock?.readStock !== undefined, 'an older number stands, and nobody can read that it does');
  await assertReadBack(bench, id, older);
}

async function assertReadBack(bench: Bench, id: string, saleable: number): Promise<void> {
  const { stock } = bench.connector;
  if (stock?.readStock === undefined) return;
  const read = await stock.readStock(bench.io(), [id]);
  assert.deepEqual(
    read.map(({ listingExternalId, saleable: units }) => [listingExternalId, units]),
    [[id, saleable]],
    'reading back does not tell what the channel shows',
  );
}

async function tell(bench: Bench, id: string, quantity: number, version: string): Promise<void> {
  const results = await bench.connector.stock?.pushStock(bench.io(), [pushOf(id, quantity, version)]);
  assert.deepEqual(results, [{ listingExternalId: id, outcome: 'told' }]);
}
