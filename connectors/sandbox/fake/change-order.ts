import { putBack } from './levels.ts';
import { checkVersion, orderOf, ShopRefusal, type Shop } from './shop.ts';
import type { LineUnits, ShopFulfilment, ShopLine, ShopOrder, ShopRefund, Writer } from './state.ts';

export function payOrder(shop: Shop, orderId: string): ShopOrder {
  const order = orderOf(shop, orderId);
  if (order.payment.status === 'paid') throw new ShopRefusal(409, 'already_paid', 'the order is paid');
  order.payment = { ...order.payment, status: 'paid', paidAt: shop.nowText() };
  shop.commit({ by: 'buyer', kind: 'paid', subject: order.id, order });
  return order;
}

/** Staff writes a note on the order. */
export function annotateOrder(shop: Shop, orderId: string, note: string): ShopOrder {
  const order = orderOf(shop, orderId);
  order.note = note;
  shop.commit({ by: 'staff', kind: 'annotated', subject: order.id, order });
  return order;
}

export type Cancel = { lines: LineUnits[] | null; reason: string; ifVersion: number | null };

/** Cancels open units (not those shipped) and puts them back on sale. Lines null: all that are open. Pays nothing back. */
export function cancelOrder(shop: Shop, by: Writer, orderId: string, cancel: Cancel): ShopOrder {
  const order = orderOf(shop, orderId);
  checkVersion(order, cancel.ifVersion);
  const units = (
    cancel.lines ?? order.lines.map((line) => ({ lineId: line.id, quantity: openUnits(order, line) }))
  ).filter(({ quantity }) => quantity > 0);
  if (units.length === 0) throw new ShopRefusal(422, 'nothing_to_cancel', 'no unit is open');
  const chosen = chooseLines(order, units);
  const levelKeys: string[] = [];
  for (const { line, quantity } of chosen) {
    line.cancelledQuantity += quantity;
    levelKeys.push(...putBack(shop, line, quantity));
  }
  if (order.lines.every((line) => line.cancelledQuantity === line.quantity)) order.cancelledAt = shop.nowText();
  order.cancelReason = cancel.reason;
  const detail = { units: chosen.reduce((sum, { quantity }) => sum + quantity, 0) };
  shop.commit({ by, kind: 'cancelled', subject: order.id, detail, order, levelKeys });
  return order;
}

export type Refund = Pick<ShopRefund, 'amountMinor' | 'reason' | 'lines' | 'requestId'> & { ifVersion: number | null };

/** Pays back, at once. Like most shops it knows no idempotency: the same request twice is two refunds. */
export function refundOrder(shop: Shop, by: Writer, orderId: string, refund: Refund): ShopRefund {
  const order = orderOf(shop, orderId);
  checkVersion(order, refund.ifVersion);
  if (order.payment.status !== 'paid') throw new ShopRefusal(422, 'not_paid', 'the order is not paid');
  const refunded = order.refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  if (refund.amountMinor <= 0 || refunded + refund.amountMinor > order.payment.amountMinor) {
    throw new ShopRefusal(422, 'over_refund', 'more than was paid, or nothing');
  }
  const { amountMinor, reason, lines, requestId } = refund;
  const made = {
    id: shop.nextId(),
    paymentId: order.payment.id,
    requestId,
    amountMinor,
    reason,
    at: shop.nowText(),
    lines,
  };
  order.refunds.push(made);
  shop.commit({ by, kind: 'refunded', subject: order.id, detail: { amount: amountMinor, request: requestId }, order });
  return made;
}

export type Fulfil = Omit<ShopFulfilment, 'id' | 'status'> & { ifVersion: number | null };

/** Shows a parcel. The same parcel twice is two parcels, as long as units are open. */
export function fulfilOrder(shop: Shop, by: Writer, orderId: string, fulfil: Fulfil): ShopFulfilment {
  const order = orderOf(shop, orderId);
  const { ifVersion, ...parcel } = fulfil;
  checkVersion(order, ifVersion);
  if (order.payment.status !== 'paid') throw new ShopRefusal(422, 'not_paid', 'the order is not paid');
  if (parcel.lines.length === 0) throw new ShopRefusal(422, 'empty_parcel', 'a parcel has lines');
  for (const { line, quantity } of chooseLines(order, parcel.lines)) line.fulfilledQuantity += quantity;
  const made: ShopFulfilment = { ...parcel, id: shop.nextId(), status: 'shipped' };
  order.fulfilments.push(made);
  const detail = { reference: made.reference, tracking: made.trackingNumber };
  shop.commit({ by, kind: 'fulfilled', subject: order.id, detail, order });
  return made;
}

export function deliverOrder(shop: Shop, orderId: string): ShopOrder {
  const order = orderOf(shop, orderId);
  for (const fulfilment of order.fulfilments) fulfilment.status = 'delivered';
  shop.commit({ by: 'staff', kind: 'delivered', subject: order.id, order });
  return order;
}

/** An order that was split has none: its parts have them. */
function openUnits(order: ShopOrder, line: ShopLine): number {
  if (order.splitInto !== undefined) return 0;
  return line.quantity - line.cancelledQuantity - line.fulfilledQuantity;
}

/** Checks all lines before any is changed. */
function chooseLines(order: ShopOrder, units: readonly LineUnits[]): { line: ShopLine; quantity: number }[] {
  const seen = new Set<string>();
  return units.map(({ lineId, quantity }) => {
    const line = order.lines.find(({ id }) => id === lineId);
    if (line === undefined || seen.has(lineId)) throw new ShopRefusal(422, 'bad_line', 'no such line, or named twice');
    seen.add(lineId);
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > openUnits(order, line)) {
      throw new ShopRefusal(422, 'not_open', `${openUnits(order, line)} units of this line are open`);
    }
    return { line, quantity };
  });
}
