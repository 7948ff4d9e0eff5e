import type { OrderId, ShopId } from '../kernel/index.ts';
import type { Ctx } from '../platform/db/index.ts';

/** We wrote something to a channel about these orders: they must be read back. */
export type OrderTold = { readonly kind: 'order.told'; readonly shopId: ShopId; readonly orderIds: readonly OrderId[] };

export function noteTold(ctx: Ctx, shopId: ShopId, orderId: OrderId): void {
  const event: OrderTold = { kind: 'order.told', shopId, orderIds: [orderId] };
  ctx.events.push(event);
}
