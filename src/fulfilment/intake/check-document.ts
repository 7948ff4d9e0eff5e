import { Fault, moneyFromDecimal } from '../../kernel/index.ts';
import type { SoldOrder } from '../../orders/index.ts';

/**
 * Refuses what cannot be true of any order, however odd its money: ids that repeat within one set, more units cancelled
 * than sold, a charged total that does not round to the total. Throws Fault invalid, which names the field.
 */
export function checkDocument(order: SoldOrder): void {
  checkUnique('lines', order.lines);
  checkUnique('shipping', order.shipping);
  checkUnique('payments', order.payments);
  checkUnique('refunds', order.refunds);
  checkUnique('returns', order.returns);
  checkUnique('packages', order.packages);
  const lineIds = new Set(order.lines.map((line) => line.externalId));
  for (const [index, line] of order.lines.entries()) {
    if (line.cancelledQuantity > line.quantity) {
      throw refused(`lines.${index}.cancelledQuantity`, 'order.cancelled_too_many', 'is more than was sold');
    }
  }
  for (const [index, discount] of order.discounts.entries()) {
    if (discount.lineExternalId !== null && !lineIds.has(discount.lineExternalId)) {
      throw refused(`discounts.${index}.lineExternalId`, 'order.line_unknown', 'is not a line of this order');
    }
  }
  if (order.chargedTotal !== null) checkRounded(order, order.chargedTotal);
  for (const [index, refund] of order.refunds.entries()) {
    if (refund.amountMinor < 0) {
      throw refused(`refunds.${index}.amountMinor`, 'order.refund_negative', 'is negative');
    }
  }
}

function checkRounded({ currency, totalMinor }: SoldOrder, chargedTotal: string): void {
  if (moneyFromDecimal(chargedTotal, currency).amount.minor === totalMinor) return;
  throw refused('chargedTotal', 'order.charged_differs', 'is not the total when it is rounded');
}

function checkUnique(path: string, items: readonly { readonly externalId: string }[]): void {
  const seen = new Set<string>();
  for (const [index, { externalId }] of items.entries()) {
    if (seen.has(externalId))
      throw refused(`${path}.${index}.externalId`, 'order.id_repeated', 'repeats in this order');
    seen.add(externalId);
  }
}

function refused(path: string, code: string, message: string): Fault {
  return new Fault('invalid', code, { message: `${path}: ${message}`, fields: [{ path, code, message }] });
}
