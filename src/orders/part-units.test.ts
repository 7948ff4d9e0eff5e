import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshPart, partTarget, type LineUnits, type PartCounters } from './part-units.ts';

const line = (quantity: number, cancelled = 0, fulfilled = 0): LineUnits => ({ quantity, cancelled, fulfilled });

const lines = fc.integer({ min: 0, max: 20 }).chain((quantity) =>
  fc.record({
    quantity: fc.constant(quantity),
    cancelled: fc.integer({ min: 0, max: quantity }),
    fulfilled: fc.integer({ min: 0, max: 25 }),
  }),
);

describe('the units of a part', () => {
  it('are the line’s, times the units in one of it', () => {
    expect(partTarget(line(3), freshPart(6))).toEqual({ ordered: 18, cancelled: 0, shippedElsewhere: 0 });
    expect(partTarget(line(3, 1), freshPart(6))).toEqual({ ordered: 18, cancelled: 6, shippedElsewhere: 0 });
  });

  it('never fall below what was ordered: a lowered quantity counts as cancelled', () => {
    expect(partTarget(line(2), { ...freshPart(1), ordered: 5 })).toEqual({
      ordered: 5,
      cancelled: 3,
      shippedElsewhere: 0,
    });
  });

  it('that went elsewhere are found again however late the channel shows our own', () => {
    const shippedOne: PartCounters = { ...freshPart(1), ordered: 3, cancelled: 1, shipped: 1, shippedElsewhere: 1 };
    expect(partTarget(line(3, 0, 1), shippedOne)).toMatchObject({ shippedElsewhere: 1 });
    expect(partTarget(line(3, 0, 2), shippedOne)).toMatchObject({ shippedElsewhere: 1 });
    expect(partTarget(line(3, 0, 3), shippedOne)).toMatchObject({ shippedElsewhere: 2 });
    expect(partTarget(line(3, 0, 0), shippedOne)).toMatchObject({ shippedElsewhere: 0 });
  });

  it('fit their constraints after any sequence of lines and shipments', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.tuple(lines, fc.nat(100)), { maxLength: 8 }),
        (perLine, steps) => {
          let part = freshPart(perLine);
          for (const [told, shipMore] of steps) {
            const target = partTarget(told, part);
            expect(target.ordered).toBeGreaterThanOrEqual(part.ordered);
            expect(target.cancelled + part.shipped).toBeLessThanOrEqual(target.ordered);
            expect(target.shippedElsewhere).toBeGreaterThanOrEqual(0);
            expect(target.shippedElsewhere).toBeLessThanOrEqual(target.cancelled);
            const open = target.ordered - target.cancelled - part.shipped;
            part = { ...part, ...target, shipped: part.shipped + Math.min(open, shipMore) };
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('end alike whatever was told before, as long as nothing has shipped', () => {
    fc.assert(
      fc.property(fc.array(lines, { minLength: 1, maxLength: 6 }), (told) => {
        const end = told.reduce<PartCounters>((part, each) => ({ ...part, ...partTarget(each, part) }), freshPart(2));
        const last = told.at(-1) as LineUnits;
        const alone = partTarget(last, freshPart(2));
        expect(end.ordered - end.cancelled).toBe(alone.ordered - alone.cancelled);
        expect(end.shippedElsewhere).toBe(alone.shippedElsewhere);
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuse more than a level can hold', () => {
    expect(() => partTarget(line(1_000_000_000), freshPart(2))).toThrow('more than');
  });
});
