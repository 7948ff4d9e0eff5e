import type { ShopSession } from '../channels/index.ts';
import type { OrderId, ShopId } from '../kernel/index.ts';
import type { Ctx } from '../platform/db/index.ts';

/** We wrote something to a channel about these orders: they must be read back. */
export type OrderTold = { readonly kind: 'order.told'; readonly shopId: ShopId; readonly orderIds: readonly OrderId[] };

/** Of a channel that cannot be asked nothing is read back: its acknowledgement stands. */
export function noteTold(ctx: Ctx, { connector, shop }: ShopSession, orderId: OrderId): void {
  if (connector.orders.readOrders === undefined) return;
  const event: OrderTold = { kind: 'order.told', shopId: shop.shopId, orderIds: [orderId] };
  ctx.events.push(event);
}
