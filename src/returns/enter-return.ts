import { authorise } from '../identity/index.ts';
import { Fault, invalidField, newId, positiveQuantity, type OrderId, type OrderLineId } from '../kernel/index.ts';
import { lockOrders } from '../orders/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import type { Ctx } from '../platform/db/index.ts';
import { askRefund, type AskedRefund, type RefundWish } from './ask-refund.ts';
import type { LineUnits } from './events.ts';
import { insertReturns } from './insert-returns.ts';
import { lockReturn } from './locks.ts';
import type { ReturnId } from './return-states.ts';
import { readShippedOrders, type ShippedOrder } from './shipped-orders.ts';

export type ReturnEntry = {
  readonly orderId: OrderId;
  readonly reason: string;
  readonly lines: readonly LineUnits[];
  /** Asks the channel at once to pay the units back. */
  readonly refund: RefundWish | null;
};

export type EnteredReturn = {
  readonly returnId: ReturnId;
  readonly number: number;
  readonly refund: AskedRefund | null;
};

/**
 * A person enters what comes back of an order: units that left from here and are in no return yet. Faults:
 * `order.not_found`, `return.line_unknown`, `return.more_than_shipped`, and those of asking for a refund.
 */
export async function enterReturn(ctx: Ctx, entry: ReturnEntry): Promise<EnteredReturn> {
  authorise(ctx, 'orders:write');
  await lockOrders(ctx, [entry.orderId]);
  const order = (await readShippedOrders(ctx.tx, [entry.orderId])).get(entry.orderId);
  if (order === undefined) throw new Fault('not_found', 'order.not_found', { data: { orderId: entry.orderId } });
  checkEntry(order, entry.lines);
  const returnId = newId<'return'>(ctx.now.getTime());
  const { orderId, shopId } = order;
  const { reason, lines } = entry;
  const numbers = await insertReturns(ctx, [{ returnId, orderId, shopId, source: 'person', reason, lines }]);
  const number = numbers.get(returnId) ?? 0;
  await writeAudit(ctx, {
    action: 'return.entered',
    subjectKind: 'return',
    subjectId: returnId,
    data: { orderId, number, lines },
  });
  const refund =
    entry.refund === null ? null : await askRefund(ctx, await lockReturn(ctx, returnId), { upTo: null }, entry.refund);
  return { returnId, number, refund };
}

function checkEntry(order: ShippedOrder, lines: readonly LineUnits[]): void {
  if (lines.length === 0) throw invalidField('lines', 'return.empty', 'name at least one line');
  const known = new Map(order.lines.map((line) => [line.orderLineId, line]));
  const seen = new Set<OrderLineId>();
  for (const [index, { orderLineId, quantity }] of lines.entries()) {
    const line = known.get(orderLineId);
    if (line === undefined || seen.has(orderLineId)) {
      const message = 'is no line of this order, or named twice';
      throw invalidField(`lines.${index}.orderLineId`, 'return.line_unknown', message);
    }
    seen.add(orderLineId);
    const path = `lines.${index}.quantity`;
    if (positiveQuantity(quantity, path) > line.returnable) {
      const { shipped, returnable } = line;
      const message = `${shipped} left from here, ${shipped - returnable} of them are in returns already`;
      throw new Fault('conflict', 'return.more_than_shipped', {
        message,
        data: { shipped, returnable },
        fields: [{ path, code: 'return.more_than_shipped', message }],
      });
    }
  }
}
