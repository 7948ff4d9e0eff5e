import { expect, test } from 'vitest';
import { laneQuickMs, laneTurnMs, outboundSlots } from '../../../config/defaults.ts';
import { manualClock } from '../../kernel/index.ts';
import { bulkhead } from './bulkhead.ts';
import { laneDesk } from './lane-desk.ts';
import type { LaneKind } from './lane-kind.ts';

/**
 * Isolation of lanes, in virtual time: a pass over a well shop costs `passMs`, every shop is due again `everyMs` after its
 * pass, and what is measured is how long a shop that is due waits for the end of its pass.
 */

const stepMs = 50;
const passMs = 200;
const everyMs = 10_000;
const hangsMs = 30_000;

type Shop = { readonly lane: string; readonly costsMs: number };

const shops = (count: number, name: string, costsMs: number): Shop[] =>
  Array.from({ length: count }, (_, index) => ({ lane: `outbound:${name}-${index}`, costsMs }));

const kindOf = (kind: string, slots?: LaneKind['slots']): LaneKind => ({
  kind,
  due: () => Promise.resolve([]),
  drain: () => Promise.resolve('empty'),
  ...(slots === undefined ? {} : { slots }),
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs shops for so long; gives the p95 of the waits of each name, and how many passes it made. */
async function live(
  all: readonly Shop[],
  slots: NonNullable<LaneKind['slots']> = outboundSlots,
  forMs = 300_000,
): Promise<Map<string, { readonly p95: number; readonly passes: number }>> {
  const clock = manualClock(new Date('2026-01-01T00:00:00Z'));
  const costs = new Map(all.map(({ lane, costsMs }) => [lane, costsMs]));
  const desk = laneDesk({
    kinds: [kindOf('outbound', slots)],
    clock,
    drain: (_kind, lane) => clock.sleep(costs.get(lane) ?? 0),
    isStopping: () => false,
  });
  const waits = new Map<string, number[]>();
  const work = async (lane: string, index: number): Promise<void> => {
    await clock.sleep((index * 37 * stepMs) % everyMs);
    for (;;) {
      const dueMs = clock.now().getTime();
      await desk.answer(lane);
      const name = lane.slice('outbound:'.length).split('-')[0] ?? '';
      waits.set(name, [...(waits.get(name) ?? []), clock.now().getTime() - dueMs]);
      await clock.sleep(everyMs);
    }
  };
  for (const [index, { lane }] of all.entries()) void work(lane, index);
  for (let ms = 0; ms < forMs; ms += stepMs) {
    clock.advance(stepMs);
    await turn();
  }
  return new Map(
    [...waits].map(([name, each]) => {
      const sorted = each.toSorted((a, b) => a - b);
      return [name, { p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0, passes: sorted.length }];
    }),
  );
}

const well = shops(60, 'well', passMs);

test('twenty shops that hang leave the p95 and the passes of sixty others as they were, within 20 %', async () => {
  const alone = (await live(well)).get('well');
  const beside = (await live([...shops(20, 'hung', hangsMs), ...well])).get('well');
  expect(alone).toBeDefined();
  expect(beside?.p95).toBeLessThanOrEqual((alone?.p95 ?? 0) * 1.2);
  expect(beside?.passes).toBeGreaterThanOrEqual((alone?.passes ?? 0) * 0.8);
});

test('one pool for all, as it was, lets the hung shops have it', async () => {
  const alone = (await live(well)).get('well');
  const beside = (await live([...shops(20, 'hung', hangsMs), ...well], { quick: 4, slow: 0 })).get('well');
  expect(beside?.p95).toBeGreaterThan((alone?.p95 ?? 0) * 1.2);
});

test('a lane that hangs has its quick slot for a bounded time, however many hang', async () => {
  const beside = await live([...shops(outboundSlots.quick + outboundSlots.slow, 'hung', hangsMs), ...well]);
  const waitMax = Math.ceil(outboundSlots.slow / outboundSlots.quick) * laneQuickMs + everyMs;
  expect(beside.get('well')?.p95).toBeLessThanOrEqual(waitMax);
});

test('lanes of one kind take no slot of another', async () => {
  const clock = manualClock(new Date(0));
  const done: string[] = [];
  const desk = laneDesk({
    kinds: [kindOf('outbound', { quick: 2, slow: 0 }), kindOf('inbound', { quick: 1, slow: 0 })],
    clock,
    drain: async (_kind, lane) => {
      if (lane.startsWith('outbound')) await clock.sleep(hangsMs);
      done.push(lane);
    },
    isStopping: () => false,
  });
  for (const lane of ['outbound:a', 'outbound:b', 'outbound:c']) void desk.answer(lane);
  await desk.answer('inbound:a');
  expect(done).toEqual(['inbound:a']);
});

test('a lane with a long backlog goes behind the others once it has had its turn', async () => {
  const clock = manualClock(new Date(0));
  const order: string[] = [];
  const left = new Map([
    ['inbound:bulky', 100],
    ['inbound:small', 1],
  ]);
  const desk = laneDesk({
    kinds: [kindOf('inbound', { quick: 1, slow: 0 })],
    clock,
    async drain(_kind, lane, mayGoOn) {
      do {
        clock.advance(laneTurnMs / 10);
        left.set(lane, (left.get(lane) ?? 0) - 1);
        order.push(lane);
      } while ((left.get(lane) ?? 0) > 0 && mayGoOn());
    },
    isStopping: () => false,
  });
  await Promise.all([desk.answer('inbound:bulky'), desk.answer('inbound:small')]);
  expect(order.indexOf('inbound:small')).toBe(10);
  expect(order).toHaveLength(101);
});

test('a drain that ends in the moment it would become slow, where no slow slot is free, gives its slot back', async () => {
  const clock = manualClock(new Date('2026-01-01T00:00:00Z'));
  const enter = bulkhead(clock, { quick: 1, slow: 0, quickMs: laneQuickMs, turnMs: laneTurnMs });
  const ends = clock.sleep(laneQuickMs);
  void enter(() => ends);
  await turn();
  clock.advance(laneQuickMs);
  let isNextDone = false;
  void enter(() => Promise.resolve()).then(() => {
    isNextDone = true;
  });
  await turn();
  expect(isNextDone).toBe(true);
});
