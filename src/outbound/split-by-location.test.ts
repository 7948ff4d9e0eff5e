import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitByLocation } from './split-by-location.ts';

const at = (locationExternalId: string, free: number) => ({ locationExternalId, free });
const quantities = (split: readonly { quantity: number }[]) => split.map(({ quantity }) => quantity);

describe('split by location', () => {
  it('each location shows what its warehouse has free', () => {
    expect(quantities(splitByLocation(12, [at('1', 7), at('2', 5)]))).toEqual([7, 5]);
  });

  it('what no single location has stands at the first', () => {
    expect(quantities(splitByLocation(13, [at('1', 7), at('2', 5)]))).toEqual([8, 5]);
  });

  it('a number below what is free is taken from the last locations', () => {
    expect(quantities(splitByLocation(8, [at('1', 7), at('2', 5)]))).toEqual([7, 1]);
  });

  it('the shares always sum to the number and none is negative', () => {
    const locations = fc.array(fc.integer({ min: -5, max: 50 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.nat({ max: 200 }), locations, (quantity, free) => {
        const split = quantities(
          splitByLocation(
            quantity,
            free.map((units, index) => at(String(index), units)),
          ),
        );
        expect(split.reduce((sum, share) => sum + share, 0)).toBe(quantity);
        expect(Math.min(...split)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
