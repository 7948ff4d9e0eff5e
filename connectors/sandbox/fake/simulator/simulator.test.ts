import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../../src/kernel/index.ts';
import { createSandbox, type Sandbox } from '../index.ts';
import { pauseMs, seededRandom, startSimulator } from './start.ts';
import { simulateStep } from './step.ts';

function runSteps(seed: number, steps: number): { sandbox: Sandbox; kinds: Map<string, number> } {
  const clock = manualClock(new Date('2026-03-01T08:00:00.000Z'));
  const sandbox = createSandbox({ clock, seed: 7 });
  const random = seededRandom(seed);
  const kinds = new Map<string, number>();
  for (let step = 0; step < steps; step += 1) {
    if (step % 100 === 0) {
      for (const { id, tracksStock } of sandbox.state.listings) {
        if (tracksStock) sandbox.setStock({ listingId: id, quantity: 50 });
      }
    }
    const { kind } = simulateStep(sandbox, random);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    clock.advance(2_500);
  }
  return { sandbox, kinds };
}

describe('the simulator', () => {
  it('does the same for the same seed, and something else for another', () => {
    const first = JSON.stringify(runSteps(1, 300).sandbox.state);
    expect(JSON.stringify(runSteps(1, 300).sandbox.state)).toBe(first);
    expect(JSON.stringify(runSteps(2, 300).sandbox.state)).not.toBe(first);
  });

  it('places mostly orders, and pays, cancels and refunds some', () => {
    const { sandbox, kinds } = runSteps(3, 600);
    expect(kinds.get('placed')).toBeGreaterThan(400);
    for (const kind of ['paid', 'cancelled', 'refunded']) expect(kinds.get(kind), kind).toBeGreaterThan(3);
    const orders = Object.values(sandbox.state.orders);
    expect(orders.some(({ lines }) => lines.length > 2)).toBe(true);
    expect(orders.some(({ discounts }) => discounts.some(({ fundedBy }) => fundedBy === 'platform'))).toBe(true);
    expect(orders.some(({ address }) => address.countryCode === 'CN')).toBe(true);
    expect(orders.some(({ address }) => address.countryCode !== 'CN')).toBe(true);
  });

  it('never sells more than is shown', () => {
    const { sandbox } = runSteps(4, 600);
    expect(Object.values(sandbox.state.levels).filter((units) => units < 0)).toEqual([]);
  });

  it('waits when all is sold out, and sells again once restocked', () => {
    const sandbox = createSandbox({ clock: manualClock(new Date(0)) });
    for (const listing of sandbox.state.listings) {
      if (listing.tracksStock) sandbox.setStock({ listingId: listing.id, quantity: 0 });
      else listing.isActive = false;
    }
    const random = seededRandom(5);
    expect(simulateStep(sandbox, random).kind).toBe('sold_out');
    for (const { id, tracksStock } of sandbox.state.listings) {
      if (tracksStock) sandbox.setStock({ listingId: id, quantity: 9 });
    }
    const kinds = Array.from({ length: 5 }, () => simulateStep(sandbox, random).kind);
    expect(kinds).toContain('placed');
  });

  it('is quick for ten minutes and then slows to one a minute', () => {
    const half = (): number => 0.5;
    expect([0, 9, 10].map((minutes) => pauseMs(minutes * 60_000, half))).toEqual([2_500, 2_500, 2_500]);
    expect(pauseMs(12 * 60_000, half)).toBeGreaterThan(2_500);
    expect(pauseMs(15 * 60_000, half)).toBe(60_000);
    expect(pauseMs(48 * 3_600_000, half)).toBe(60_000);
  });

  it('stops when told to', async () => {
    const sandbox = createSandbox();
    const seen: string[] = [];
    const simulator = startSimulator({ sandbox, random: seededRandom(6), log: ({ kind }) => seen.push(kind) });
    await simulator.stop();
    expect(seen).toEqual(['placed']);
    expect(sandbox.journal().length).toBe(1);
  });
});
