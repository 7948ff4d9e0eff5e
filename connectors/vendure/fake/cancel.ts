import type { z } from 'zod';
import { deallocate, variantOf } from './allocate.ts';
import { errorResult } from './errors.ts';
import type { cancelInput } from './requests.ts';
import { moveChangeClock, reprice, type FakeOrder, type FakeState } from './state.ts';

/** Cancelled units cost nothing any more, `orderPlacedQuantity` stays, and no money goes back. */
export function cancel(state: FakeState, { input }: z.infer<typeof cancelInput>): unknown {
  const order = state.orders.find((candidate) => candidate.id === input.orderId);
  if (order === undefined) return errorResult('MULTIPLE_ORDER_ERROR', 'The lines are not of this order');
  const units = input.lines ?? order.lines.map((line) => ({ orderLineId: line.id, quantity: line.quantity }));
  if (units.every((line) => line.quantity === 0)) {
    return errorResult('EMPTY_ORDER_LINE_SELECTION_ERROR', 'At least one OrderLine must be specified');
  }
  const pairs = units.map((unit) => ({ unit, line: order.lines.find((line) => line.id === unit.orderLineId) }));
  if (pairs.some(({ unit, line }) => line === undefined || line.quantity < unit.quantity)) {
    return errorResult('QUANTITY_TOO_GREAT_ERROR', 'The specified quantity is greater than the available OrderItems');
  }
  for (const { unit, line } of pairs) {
    if (line === undefined) continue;
    line.quantity -= unit.quantity;
    const variant = variantOf(state, line.productVariant.id);
    if (variant !== null) deallocate(variant, unit.quantity, false);
  }
  if (input.cancelShipping === true) cancelShipping(order);
  reprice(order);
  const data = { lines: units, reason: input.reason ?? '', shippingCancelled: input.cancelShipping ?? false };
  order.history.items.push({ type: 'ORDER_CANCELLATION', createdAt: state.now().toISOString(), data });
  if (order.lines.every((line) => line.quantity === 0)) order.state = 'Cancelled';
  moveChangeClock(state, order);
  return { id: order.id };
}

function cancelShipping(order: FakeOrder): void {
  for (const line of order.shippingLines) {
    line.discounts = [
      ...line.discounts,
      {
        adjustmentSource: 'CANCEL_ORDER',
        description: 'shipping cancellation',
        amountWithTax: -line.discountedPriceWithTax,
      },
    ];
    line.discountedPrice = 0;
    line.discountedPriceWithTax = 0;
  }
}
