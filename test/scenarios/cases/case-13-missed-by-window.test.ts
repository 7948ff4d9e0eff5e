import { describe, expect, test } from 'vitest';
import { acmeShopHarness } from '../../../connectors/template/harness.ts';
import { medusaHarness } from '../../../connectors/medusa/harness.ts';
import { sandboxHarness } from '../../../connectors/sandbox/harness.ts';
import { vendureHarness } from '../../../connectors/vendure/harness.ts';
import { onBench, type Bench } from '../../../src/connector-kit/conformance/bench.ts';
import { lagOf, pageSizeOf, poll } from '../../../src/connector-kit/conformance/poll.ts';

const minute = 60_000;
/** The clocks of Europe change at 01:00 UTC. */
const changes = ['2027-03-28T01:00:00Z', '2027-10-31T01:00:00Z'];
const harnesses = [vendureHarness, medusaHarness, sandboxHarness, acmeShopHarness];

/** Everything that was polled, and where the next poll goes on. */
function listener(bench: Bench) {
  const seen = new Set<string>();
  let resume: unknown = null;
  return {
    seen,
    async poll(onPage: (index: number) => Promise<void> = () => Promise.resolve()): Promise<number> {
      let pages = 0;
      resume = await poll(bench, resume, async (page, index) => {
        pages += 1;
        for (const { externalId } of page.documents) seen.add(externalId);
        if (!page.isLast) await onPage(index);
      });
      return pages;
    },
  };
}

const place = async (bench: Bench): Promise<string> =>
  (await bench.world.placeOrder({ lines: [{ quantity: 1 }] })).externalId;

async function placeMany(bench: Bench, count: number): Promise<string[]> {
  const placed: string[] = [];
  while (placed.length < count) placed.push(await place(bench));
  return placed;
}

describe.each(harnesses.map((harness) => [harness.name ?? harness.connector.code, harness] as const))(
  'case 13: %s misses none',
  (_, harness) => {
    test('of fifty orders of one instant with a page border between them, while rows move', () =>
      onBench(harness, async (bench) => {
        const { seen, poll: read } = listener(bench);
        const placed = await placeMany(bench, Math.max(1, pageSizeOf(bench) - 25));
        bench.world.advance(1_000);
        placed.push(...(await placeMany(bench, 50)));
        bench.world.advance(lagOf(bench) + 1_000);
        const pages = await read(async (index) => {
          if (index > 3) return;
          bench.world.advance(1_000);
          await bench.world.touchOrder(placed[index] ?? '');
          placed.push(await place(bench));
        });
        expect(pages).toBeGreaterThan(1);
        bench.world.advance(lagOf(bench) + 1_000);
        await read();
        expect(placed.filter((id) => !seen.has(id))).toEqual([]);
      }));

    test.each(changes)('of those placed around the change of the clocks at %s', (change) =>
      onBench(harness, async (bench) => {
        const { seen, poll: read } = listener(bench);
        await read();
        bench.world.advance(new Date(change).getTime() - 2 * 60 * minute - bench.world.now().getTime());
        const placed: { id: string; at: number }[] = [];
        for (let step = 0; step < 24; step += 1) {
          placed.push({ id: await place(bench), at: bench.world.now().getTime() });
          bench.world.advance(10 * minute);
          if (step % 3 === 2) await read();
        }
        bench.world.advance(lagOf(bench) + 1_000);
        await read();
        expect(placed.filter(({ id }) => !seen.has(id))).toEqual([]);
        for (const { id, at } of placed.filter((_each, index) => index % 6 === 0)) {
          const { placedAt } = bench.translate(await bench.read(id));
          expect(Math.abs(new Date(placedAt).getTime() - at)).toBeLessThan(1_000);
        }
      }),
    );
  },
);
