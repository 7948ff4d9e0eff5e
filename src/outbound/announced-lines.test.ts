import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderLineId } from '../kernel/index.ts';
import { announcedLines, type ShippedPart } from './announced-lines.ts';

const line = 'a' as OrderLineId;
const part = (unitsPerLine: number, unitsBefore: number, units: number): ShippedPart => ({
  orderLineId: line,
  lineExternalId: '1',
  unitsPerLine,
  units,
  unitsBefore,
});

describe('announced lines', () => {
  it('a line of one SKU is announced by its units', () => {
    expect(announcedLines([part(1, 0, 3)])).toEqual([{ orderLineId: line, lineExternalId: '1', quantity: 3 }]);
  });

  it('half a six-pack is not announced, and its second half announces the whole', () => {
    expect(announcedLines([part(6, 0, 3)])).toEqual([]);
    expect(announcedLines([part(6, 3, 3)])).toMatchObject([{ quantity: 1 }]);
  });

  it('a bundle counts as far as its slowest component has left', () => {
    expect(announcedLines([part(1, 0, 2), part(2, 0, 2)])).toMatchObject([{ quantity: 1 }]);
    expect(announcedLines([part(1, 2, 0), part(2, 2, 2)])).toMatchObject([{ quantity: 1 }]);
  });

  it('over any number of shipments the announced units sum to the line', () => {
    const parcels = fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), parcels, (unitsPerLine, units) => {
        let before = 0;
        let announced = 0;
        for (const inParcel of units) {
          announced += announcedLines([part(unitsPerLine, before, inParcel)])[0]?.quantity ?? 0;
          before += inParcel;
        }
        expect(announced).toBe(Math.floor(before / unitsPerLine));
      }),
    );
  });
});
