import assert from 'node:assert/strict';
import { onBench } from '../bench.ts';
import type { ConformanceHarness } from '../harness.ts';
import { makeLedger } from '../ledger.ts';
import { lagOf, pageSizeOf, pullPage } from '../poll.ts';

const crashesMax = 200;

/**
 * Case 2. Every page is read once and lost, as when the hub dies before its transaction commits; then the rows move, an
 * hour passes, and the page is read again from the state that was stored before it. Nothing is lost.
 */
export async function crashBetweenPages(harness: ConformanceHarness): Promise<void> {
  await onBench(harness, async (bench) => {
    const ledger = makeLedger(bench);
    const count = Math.ceil(pageSizeOf(bench) * 1.5) + 5;
    for (let index = 0; index < count; index += 1) {
      bench.world.advance(index % 3 === 0 ? 0 : 1_000);
      await ledger.place();
    }
    bench.world.advance(1_000);
    let state: unknown = null;
    let isLast = false;
    for (let crashes = 0; !isLast; crashes += 1) {
      assert.ok(crashes < crashesMax, `the poll did not end within ${crashesMax} pages`);
      const lost = await pullPage(bench, state);
      const changed = lost.documents.at(0);
      if (changed !== undefined && crashes < 3) await ledger.touch(changed.externalId);
      if (crashes < 3) await ledger.place();
      bench.world.advance(crashes === 0 ? 3_600_000 : 1_000);
      const page = await pullPage(bench, state);
      ledger.note(page.documents);
      ({ state, isLast } = page);
    }
    bench.world.advance(lagOf(bench) + 1_000);
    for (isLast = false; !isLast;) {
      const page = await pullPage(bench, state);
      ledger.note(page.documents);
      ({ state, isLast } = page);
    }
    ledger.assertNoneMissed();
    ledger.assertLatestSeen();
  });
}
