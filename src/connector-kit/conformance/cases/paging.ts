import assert from 'node:assert/strict';
import { onBench, type Bench } from '../bench.ts';
import type { ConformanceHarness } from '../harness.ts';
import { makeLedger, type Ledger } from '../ledger.ts';
import { lagOf, pageSizeOf, poll } from '../poll.ts';

const equalTimes = 50;
/** Rows move only in the first gaps between pages, so that the poll can end. */
const movingGaps = 6;

/**
 * Case 1. Orders are placed and changed between pages: none is missed, and a repeated one is the same document. Fifty
 * orders share one time, and a page border falls between them. Read from the latest change back, what changes meanwhile is
 * for the next poll.
 */
export async function pagingWhileRowsMove(harness: ConformanceHarness): Promise<void> {
  await onBench(harness, async (bench) => {
    const ledger = makeLedger(bench);
    const equal = await placeHistory(bench, ledger);
    const equalPages = new Set<number>();
    const resume = await poll(bench, null, async (page, index) => {
      ledger.note(page.documents);
      if (page.documents.some((document) => equal.has(document.externalId))) equalPages.add(index);
      if (!page.isLast && index < movingGaps) await moveRows(bench, ledger, page.documents.at(0)?.externalId ?? null);
    });
    if (bench.connector.orders.pull?.direction === 'ascending') ledger.assertNoneMissed();
    assert.ok(equalPages.size > 1, 'no page border fell between the orders of one time: the case proves nothing');
    bench.world.advance(lagOf(bench) + 1_000);
    await ledger.place();
    await poll(bench, resume, (page) => ledger.note(page.documents));
    ledger.assertNoneMissed();
    ledger.assertLatestSeen();
    await assertNoRepeats(bench);
  });
}

/** A repeat costs a read and a comparison each, for ever: only a row that moved may come again. */
async function assertNoRepeats(bench: Bench): Promise<void> {
  const shown = new Set<string>();
  const again = new Set<string>();
  await poll(bench, null, ({ documents }) => {
    for (const { externalId } of documents) (shown.has(externalId) ? again : shown).add(externalId);
  });
  assert.deepEqual([...again], [], `${again.size} orders were shown twice by one poll, though none moved`);
}

/** Enough orders before and after the fifty that a border falls between them in either direction. */
async function placeHistory(bench: Bench, ledger: Ledger): Promise<Set<string>> {
  const around = Math.max(5, pageSizeOf(bench) - equalTimes / 2);
  const equal = new Set<string>();
  for (let count = 0; count < around * 2 + equalTimes; count += 1) {
    const isEqual = count > around && count < around + equalTimes;
    if (!isEqual) bench.world.advance(1_000);
    const placed = await ledger.place();
    if (isEqual || count === around) equal.add(placed.externalId);
  }
  bench.world.advance(1_000);
  return equal;
}

async function moveRows(bench: Bench, ledger: Ledger, alreadyRead: string | null): Promise<void> {
  bench.world.advance(1_000);
  if (alreadyRead !== null) await ledger.touch(alreadyRead);
  const unread = ledger.unread();
  if (unread !== null) await ledger.touch(unread);
  await ledger.place();
}
