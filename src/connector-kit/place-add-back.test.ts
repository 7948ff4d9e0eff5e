import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeAddBack } from './place-add-back.ts';

const wanted = (...units: number[]) => units.map((each, index) => ({ locationId: String(index + 1), units: each }));
const units = (levels: readonly { units: number }[]) => levels.map((level) => level.units);

describe('placing what the channel subtracts by itself', () => {
  it('stands where it is held back, so that each location offers what it should', () => {
    expect(units(placeAddBack(15, wanted(0, 12), new Map([['2', 3]])))).toEqual([0, 15]);
    expect(
      units(
        placeAddBack(
          17,
          wanted(5, 7),
          new Map([
            ['1', 2],
            ['2', 3],
          ]),
        ),
      ),
    ).toEqual([7, 10]);
  });

  it('units held back that the hub does not know stay subtracted', () => {
    expect(units(placeAddBack(12, wanted(5, 7), new Map([['1', 4]])))).toEqual([5, 7]);
  });

  it('units that the channel no longer holds back stand where most is offered', () => {
    expect(units(placeAddBack(14, wanted(5, 7), new Map()))).toEqual([5, 9]);
  });

  it('always sums to the number', () => {
    const levels = fc.array(fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 10 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(levels, fc.nat({ max: 40 }), (pairs, addBack) => {
        const offers = wanted(...pairs.map(([offer]) => offer));
        const quantity = pairs.reduce((sum, [offer]) => sum + offer, addBack);
        const allocated = new Map(pairs.map(([, held], index) => [String(index + 1), held]));
        expect(units(placeAddBack(quantity, offers, allocated)).reduce((sum, each) => sum + each, 0)).toBe(quantity);
      }),
    );
  });
});
