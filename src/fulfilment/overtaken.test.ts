import { expect, test } from 'vitest';
import { newId } from '../kernel/index.ts';
import { leaveOutOvertaken } from './overtaken.ts';

const [x, y, z] = [newId<'sku'>(), newId<'sku'>(), newId<'sku'>()];
const order = (rank: number, ...skuIds: (typeof x)[]) => {
  const orderId = newId<'order'>();
  const ranked = { orderId, priority: 0, shipBy: null, paidAt: null, placedAt: new Date(rank) };
  return skuIds.map((skuId) => ({ ...ranked, skuId }));
};

test('a batch that nobody overtook stays whole', () => {
  const [first, second] = [order(1, x), order(2, x, y)];
  expect(leaveOutOvertaken([...first, ...second], first)).toEqual([...first, ...second]);
  const later = order(3, x);
  expect(leaveOutOvertaken([...first, ...second], later)).toEqual([...first, ...second]);
});

test('an order waits for a more urgent newcomer, and who comes after it for another of its SKUs waits too', () => {
  const [before, overtaken, behind, aside] = [order(1, x), order(3, x, y), order(4, y), order(5, z)];
  const newcomer = order(2, x);
  const batch = [...before, ...overtaken, ...behind, ...aside];
  expect(leaveOutOvertaken(batch, newcomer)).toEqual([...before, ...aside]);
});
