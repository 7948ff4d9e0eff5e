import type { ShopOrder } from './state.ts';

/** Where an order stands, in one word. */
export function tradeStatus(order: ShopOrder): string {
  const refunded = order.refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const units = (pick: (line: ShopOrder['lines'][number]) => number): number =>
    order.lines.reduce((sum, line) => sum + pick(line), 0);
  const open = units((line) => line.quantity - line.cancelledQuantity - line.fulfilledQuantity);
  if (order.payment.status === 'pending') return order.cancelledAt === null ? 'WAIT_BUYER_PAY' : 'CLOSED_UNPAID';
  if (refunded === order.payment.amountMinor) return 'TRADE_CLOSED';
  if (open > 0) return units((line) => line.fulfilledQuantity) > 0 ? 'SELLER_CONSIGNED_PART' : 'WAIT_SELLER_SEND_GOODS';
  const areAllHome = order.fulfilments.every(({ status }) => status === 'delivered');
  return areAllHome && order.fulfilments.length > 0 ? 'TRADE_FINISHED' : 'WAIT_BUYER_CONFIRM_GOODS';
}
