import type { BenchCase } from '../bench-case.ts';
import { raceOrders } from './race-orders.ts';
import type { BenchBasket } from './sandbox-document.ts';

/** 500 orders of one line, all of the same SKU: one level, on which the ceiling sums the demand of its whole batch. */
export const ratioHot: BenchCase = {
  name: 'ratio.hot',
  unit: 'ratio',
  goal: { atLeast: 0.35 },
  run: (world) =>
    raceOrders(world, {
      itemCount: 1,
      ordersPerRound: 500,
      ceilingBatch: 500,
      basket: (items): BenchBasket => items.map((item) => ({ item, quantity: 1 })),
    }),
};
