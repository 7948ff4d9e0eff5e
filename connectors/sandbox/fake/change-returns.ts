import { orderOf, ShopRefusal, type Shop } from './shop.ts';
import type { LineUnits, ShopOrder, ShopReturn } from './state.ts';

export type ReturnWish = Pick<ShopReturn, 'reason' | 'lines'>;

/** The buyer asks to send units back that were fulfilled and are in no other return. Pays nothing back. */
export function askReturn(shop: Shop, orderId: string, { reason, lines }: ReturnWish): ShopReturn {
  const order = orderOf(shop, orderId);
  checkUnits(order, lines);
  const asked: ShopReturn = { id: shop.nextId(), status: 'asked', reason, at: shop.nowText(), lines };
  order.returns = [...(order.returns ?? []), asked];
  shop.commit({ by: 'buyer', kind: 'return_asked', subject: order.id, detail: { return: asked.id }, order });
  return asked;
}

/** The buyer keeps the goods. */
export function cancelReturn(shop: Shop, orderId: string, returnId: string): ShopReturn {
  return end(shop, 'buyer', orderId, returnId, 'cancelled');
}

/** Staff writes in the shop that the parcel arrived. Puts nothing back on sale. */
export function receiveReturn(shop: Shop, orderId: string, returnId: string): ShopReturn {
  return end(shop, 'staff', orderId, returnId, 'arrived');
}

function end(
  shop: Shop,
  by: 'buyer' | 'staff',
  orderId: string,
  returnId: string,
  status: 'arrived' | 'cancelled',
): ShopReturn {
  const order = orderOf(shop, orderId);
  const found = order.returns?.find(({ id }) => id === returnId);
  if (found === undefined) throw new ShopRefusal(404, 'no_such_return', 'no such return');
  if (found.status !== 'asked') throw new ShopRefusal(409, 'return_ended', 'the return has arrived or is cancelled');
  found.status = status;
  shop.commit({ by, kind: `return_${status}`, subject: order.id, detail: { return: returnId }, order });
  return found;
}

function checkUnits(order: ShopOrder, lines: readonly LineUnits[]): void {
  if (lines.length === 0) throw new ShopRefusal(422, 'empty_return', 'a return has lines');
  const standing = (order.returns ?? []).filter(({ status }) => status !== 'cancelled').flatMap((asked) => asked.lines);
  const seen = new Set<string>();
  for (const { lineId, quantity } of lines) {
    const line = order.lines.find(({ id }) => id === lineId);
    if (line === undefined || seen.has(lineId)) throw new ShopRefusal(422, 'bad_line', 'no such line, or named twice');
    seen.add(lineId);
    const asked = standing.filter((each) => each.lineId === lineId).reduce((sum, each) => sum + each.quantity, 0);
    const left = line.fulfilledQuantity - asked;
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > left) {
      throw new ShopRefusal(422, 'not_returnable', `${left} units of this line can be sent back`);
    }
  }
}
