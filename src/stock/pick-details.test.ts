import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId } from '../kernel/index.ts';
import { pickDetails, type Place } from './pick-details.ts';

const level = { skuId: newId<'sku'>(), warehouseId: newId<'warehouse'>() };
const place = (binCode: string, expiresOn: string | null, quantity: number): Place => ({
  ...level,
  binCode,
  lotId: newId(),
  expiresOn,
  quantity,
});
const wanted = (quantity: number, expiresAfter: string | null = null) => ({ ...level, quantity, expiresAfter });

test('what expires first goes first, then by bin; what never expires goes last', () => {
  const places = [
    place('C', null, 5),
    place('B', '2026-03-01', 5),
    place('A', '2026-03-01', 5),
    place('D', '2026-02-01', 5),
  ];
  const { picks } = pickDetails([wanted(17)], places);
  expect(picks.map((pick) => [pick.place.binCode, pick.quantity])).toEqual([
    ['D', 5],
    ['A', 5],
    ['B', 5],
    ['C', 2],
  ]);
});

test('a threshold takes only lots that expire after it, and chooses before those that take any', () => {
  const places = [place('old', '2026-02-01', 5), place('new', '2026-06-01', 5)];
  const { picks, missing } = pickDetails([wanted(6), wanted(4, '2026-03-01')], places);
  expect(missing).toEqual([]);
  expect(picks.map((pick) => [pick.for.quantity, pick.place.binCode, pick.quantity])).toEqual([
    [4, 'new', 4],
    [6, 'old', 5],
    [6, 'new', 1],
  ]);
});

test('a lot without a known expiry does not serve a threshold', () => {
  const { picks, missing } = pickDetails([wanted(1, '2026-03-01')], [place('A', null, 5)]);
  expect(picks).toEqual([]);
  expect(missing).toHaveLength(1);
});

test('picks never exceed a place, and sum to what was wanted or to all there is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 9 }), { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }),
      (stock, units) => {
        const places = stock.map((quantity, index) => place(`${index}`, null, quantity));
        const { picks } = pickDetails(
          units.map((quantity) => wanted(quantity)),
          places,
        );
        const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
        for (const one of places) {
          const taken = sum(picks.filter((pick) => pick.place === one).map((pick) => pick.quantity));
          expect(taken).toBeLessThanOrEqual(one.quantity);
        }
        expect(sum(picks.map((pick) => pick.quantity))).toBe(Math.min(sum(stock), sum(units)));
      },
    ),
  );
});
