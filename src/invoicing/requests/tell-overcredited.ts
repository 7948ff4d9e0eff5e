import { moneyToDecimal } from '../../kernel/index.ts';
import type { Ctx } from '../../platform/db/index.ts';
import { closeExceptions, openExceptions, type ExceptionKey } from '../../platform/exceptions/index.ts';
import { toCreditMinor } from './plan-requests.ts';
import type { BilledOrder } from './read-billed-orders.ts';

const kind = 'invoice.refund_failed_after_credit';

/**
 * A refund that the shop first told as settled and then as failed leaves a credit note that nobody was paid: it stands, and a
 * person pays the rest or settles it. Closed when as much is paid back as is credited, or when the invoice is credited as a
 * whole. No statement for orders without credit notes.
 */
export async function tellOvercredited(ctx: Ctx, orders: readonly BilledOrder[]): Promise<void> {
  const credited = orders.filter(({ standing }) => standing !== null && standing.creditedMinor > 0);
  const over = credited.filter((order) => excessOf(order) > 0);
  await openExceptions(
    ctx,
    over.map((order) => {
      const { orderNumber, currency, orderId, shopId } = order;
      const excessMinor = excessOf(order);
      const amount = moneyToDecimal({ minor: excessMinor, currency });
      return {
        ...keyOf(order),
        shopId,
        cause: { orderId, excessMinor, creditedMinor: order.standing?.creditedMinor ?? 0, currency },
        nextStep:
          `${currency} ${amount} more is credited than was paid back: refund it (wharf order refund ${orderNumber} --amount ${amount} --reason "…"), ` +
          `or settle it with the buyer; wharf invoice list --order ${orderNumber} shows the credit notes`,
      };
    }),
  );
  await closeExceptions(ctx, credited.filter((order) => !over.includes(order)).map(keyOf));
}

/** What is credited beyond what was paid back; nothing where the invoice no longer stands for its order. */
function excessOf(order: BilledOrder): number {
  const { standing } = order;
  if (standing === null || standing.isOutdated || order.cancelledAt !== null || order.isSuperseded) return 0;
  return standing.creditedMinor - toCreditMinor(order, standing);
}

function keyOf({ orderId }: BilledOrder): ExceptionKey {
  return { kind, subjectKind: 'order', subjectId: orderId };
}
