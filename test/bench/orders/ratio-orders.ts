import type { BenchCase } from '../bench-case.ts';
import { raceOrders } from './race-orders.ts';
import type { BenchBasket } from './sandbox-document.ts';

/** Orders of two or three lines over 200 SKUs in two warehouses. */
export const ratioOrders: BenchCase = {
  name: 'ratio.orders',
  unit: 'ratio',
  goal: { atLeast: 0.35 },
  run: (world) =>
    raceOrders(world, {
      itemCount: 200,
      ordersPerRound: 1_000,
      ceilingBatch: 500,
      basket: (items, serial): BenchBasket =>
        Array.from({ length: 2 + (serial % 2) }, (_, line) => {
          // Strides that share no factor with the count walk through all items, and never name one twice in an order.
          const item = items[(serial * 7 + line * 31) % items.length];
          if (item === undefined) throw new Error('no items');
          return { item, quantity: 1 + ((serial + line) % 3) };
        }),
    }),
};
