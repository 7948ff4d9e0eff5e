import type { OrderId, ShopId } from '../kernel/index.ts';

/** Documents of these orders were applied. */
export type OrderTakenIn = {
  readonly kind: 'order.taken_in';
  readonly shopId: ShopId;
  readonly orderIds: readonly OrderId[];
};
