import type { OrderId, ShopId } from '../kernel/index.ts';

/** We wrote something to a channel about these orders: they must be read back. */
export type OrderTold = { readonly kind: 'order.told'; readonly shopId: ShopId; readonly orderIds: readonly OrderId[] };
