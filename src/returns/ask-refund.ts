import { authorise } from '../identity/index.ts';
import { Fault, invalidField, newId, positiveQuantity, type OrderLineId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import type { Ctx } from '../platform/db/index.ts';
import { closeExceptions } from '../platform/exceptions/index.ts';
import { raiseRefundAsked, type LineUnits } from './events.ts';
import { readKnownRefunds, refundedUnits, stands, type KnownRefund } from './known-refunds.ts';
import { lockReturn, type LockedReturn } from './locks.ts';
import { chargeValues } from './money/charge-values.ts';
import { planRefund } from './money/plan-refund.ts';
import { readCharges } from './money/read-charges.ts';
import { failedException } from './note-failed-refunds.ts';
import type { ReturnId } from './return-states.ts';
import { writeRefunds } from './write-refunds.ts';

export type RefundWish = {
  /** Null: what was charged for the units, by differences of cumulative shares, and for shipping where that is wished. */
  readonly amount: { readonly minor: number; readonly currency: string } | null;
  readonly includesShipping: boolean;
  /** For the channel; null: the reason of the return. */
  readonly reason: string | null;
};

export type AskedRefund = { readonly requestId: string; readonly amountMinor: number; readonly currency: string };

export type ReturnRefundRequest = RefundWish & {
  readonly returnId: ReturnId;
  /** Null: all units that came back or still may, and are not paid back yet. */
  readonly lines: readonly LineUnits[] | null;
};

/**
 * Asks the channel to pay back what a return is worth. The marker wired to `return.refund_asked` makes the request, or
 * refuses it before anything is stored (a channel that cannot refund, more than is paid and not refunded or asked for).
 * Faults: `return.not_found`, `return.withdrawn`, `return.already_refunded`, `return.more_than_returned`.
 */
export async function askReturnRefund(ctx: Ctx, request: ReturnRefundRequest): Promise<AskedRefund> {
  authorise(ctx, 'orders:write');
  const found = await lockReturn(ctx, request.returnId);
  if (found.state === 'withdrawn') throw new Fault('conflict', 'return.withdrawn', { data: { number: found.number } });
  const choice = request.lines === null ? { upTo: null } : { lines: request.lines };
  return askRefund(ctx, found, choice, request);
}

/** Exactly these lines; or what came back and is not paid back yet, of these lines at most where any are named. */
export type RefundedLines = { readonly lines: readonly LineUnits[] } | { readonly upTo: readonly LineUnits[] | null };

/** The inner half, for verbs that hold the locks of the return. */
export async function askRefund(
  ctx: Ctx,
  of: LockedReturn,
  choice: RefundedLines,
  wish: RefundWish,
): Promise<AskedRefund> {
  const known = await readKnownRefunds(ctx.tx, [of.orderId]);
  const left = unitsLeft(of, known);
  const units = 'lines' in choice ? checkUnits(choice.lines, left) : defaultUnits(of, left, choice.upTo);
  const charges = await readCharges(ctx.tx, of.orderId);
  checkCurrency(wish, charges.currency);
  const plan = planRefund({
    values: chargeValues(charges),
    lines: charges.lines,
    refunded: refundedUnits(known),
    shippingRefundedMinor: known.filter(stands).reduce((sum, refund) => sum + refund.shippingMinor, 0),
    units,
    includesShipping: wish.includesShipping,
  });
  if (units.length === 0 && wish.amount === null && plan.shippingMinor === 0) throw nothingLeft(of);
  const asked = {
    requestId: newId<'channel_request'>(ctx.now.getTime()),
    amountMinor: wish.amount?.minor ?? plan.amountMinor,
    currency: charges.currency,
  };
  const shippingMinor = Math.min(plan.shippingMinor, asked.amountMinor);
  const { returnId, orderId } = of;
  await writeRefunds(ctx, [
    {
      ...asked,
      orderId,
      returnId,
      externalId: null,
      state: 'asked',
      shippingMinor,
      lines: units.map((line) => ({ ...line, unshipped: 0 })),
    },
  ]);
  raiseRefundAsked(ctx, { ...asked, returnId, orderId, reason: wish.reason ?? of.reason, lines: units });
  await closeExceptions(ctx, [failedException(returnId), ...refusedBefore(of, known)]);
  await writeAudit(ctx, {
    action: 'return.refund_asked',
    subjectKind: 'return',
    subjectId: returnId,
    data: { orderId, ...asked, shippingMinor, lines: units },
  });
  return asked;
}

/** Units of each line of the return that no refund of this return pays back. */
function unitsLeft(of: LockedReturn, known: readonly KnownRefund[]): Map<OrderLineId, number> {
  const refunded = refundedUnits(known.filter((refund) => refund.returnId === of.returnId));
  return new Map(of.lines.map((line) => [line.orderLineId, line.quantity - (refunded.get(line.orderLineId) ?? 0)]));
}

/** Nothing is paid back by itself for units that did not come back. */
function defaultUnits(
  of: LockedReturn,
  left: ReadonlyMap<OrderLineId, number>,
  upTo: readonly LineUnits[] | null,
): LineUnits[] {
  const wanted = upTo === null ? null : new Map(upTo.map((line) => [line.orderLineId, line.quantity]));
  return of.lines
    .map(({ orderLineId, notReturned }) => {
      const units = (left.get(orderLineId) ?? 0) - notReturned;
      return { orderLineId, quantity: wanted === null ? units : Math.min(units, wanted.get(orderLineId) ?? 0) };
    })
    .filter((line) => line.quantity > 0);
}

function checkUnits(lines: readonly LineUnits[], left: ReadonlyMap<OrderLineId, number>): readonly LineUnits[] {
  const seen = new Set<OrderLineId>();
  for (const [index, { orderLineId, quantity }] of lines.entries()) {
    const units = left.get(orderLineId);
    const path = `lines.${index}`;
    if (units === undefined || seen.has(orderLineId)) {
      throw invalidField(`${path}.orderLineId`, 'return.line_unknown', 'is no line of this return, or named twice');
    }
    seen.add(orderLineId);
    if (positiveQuantity(quantity, `${path}.quantity`) > units) {
      const message = `only ${units} returned units are not paid back yet`;
      throw new Fault('conflict', 'return.more_than_returned', {
        message,
        data: { left: units },
        fields: [{ path: `${path}.quantity`, code: 'return.more_than_returned', message }],
      });
    }
  }
  return lines;
}

function checkCurrency({ amount }: RefundWish, currency: string): void {
  if (amount !== null && amount.currency !== currency) {
    throw invalidField('refund.amount.currency', 'money.currency_mismatch', `the order is in ${currency}`);
  }
  if (amount !== null && amount.minor <= 0) {
    throw invalidField('refund.amount.minor', 'refund.not_positive', 'must be more than nothing');
  }
}

function nothingLeft({ number }: LockedReturn): Fault {
  return new Fault('conflict', 'return.already_refunded', {
    message: `every unit of return ${number} is paid back or did not come back; give an amount to pay more`,
    data: { number },
  });
}

/** Asking again answers what a refused refund had left open. */
function refusedBefore(of: LockedReturn, known: readonly KnownRefund[]) {
  return known
    .filter((refund) => refund.returnId === of.returnId && refund.state === 'refused')
    .map((refund) => ({
      kind: 'order.refund_refused',
      subjectKind: 'channel_request',
      subjectId: refund.requestId ?? '',
    }));
}
