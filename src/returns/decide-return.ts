import { authorise } from '../identity/index.ts';
import { Fault, invalidField, positiveQuantity } from '../kernel/index.ts';
import { addTimeline } from '../orders/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { onBehalf, type Ctx } from '../platform/db/index.ts';
import { closeExceptions } from '../platform/exceptions/index.ts';
import { askRefund, type AskedRefund, type RefundWish } from './ask-refund.ts';
import { lockReturn, waiting, type LockedLine, type LockedReturn } from './locks.ts';
import { openReturnExceptions } from './report-exceptions.ts';
import { restock } from './restock.ts';
import { returnStates, type ReturnId, type ReturnState } from './return-states.ts';
import { writeDecisions, type LineDecision } from './write-decisions.ts';

export type ReturnDecision = {
  readonly returnId: ReturnId;
  /** A line may be named several times: its units may be decided differently, now or later. */
  readonly lines: readonly LineDecision[];
  /** Asks the channel to pay back the units that these decisions say came back. */
  readonly refund: RefundWish | null;
};

export type DecidedReturn = { readonly state: ReturnState; readonly refund: AskedRefund | null };

/**
 * Decides what happens to returned units, in whole or in part. `restock` makes them sellable again; `scrap` and `none` write
 * no stock move, for the units left with the move that shipped them and never lie here again. Faults: `return.not_found`,
 * `return.transition_refused`, `return.line_unknown`, `return.more_than_waits`, `warehouse.unknown`.
 */
export async function decideReturn(ctx: Ctx, input: ReturnDecision): Promise<DecidedReturn> {
  authorise(ctx, 'stock:write');
  if (input.refund !== null) authorise(ctx, 'orders:write');
  const found = await lockReturn(ctx, input.returnId);
  returnStates.check(found.state, 'decided');
  checkDecisions(found.lines, input.lines);
  const inner = onBehalf(ctx, 'decide_return');
  const state = await writeDecisions(inner, found, input.lines);
  await restock(inner, found, input.lines);
  const data = { returnId: found.returnId, return: found.number, state, lines: described(found.lines, input.lines) };
  await addTimeline(inner, [{ orderId: found.orderId, kind: 'return_decided', data }]);
  await writeAudit(ctx, {
    action: 'return.decided',
    subjectKind: 'return',
    subjectId: found.returnId,
    data: { state, lines: input.lines },
  });
  if (state === 'decided') await closeExceptions(ctx, openReturnExceptions(found.returnId));
  const refund = input.refund === null ? null : await refundCameBack(ctx, found, input.lines, input.refund);
  return { state, refund };
}

function checkDecisions(lines: readonly LockedLine[], decided: readonly LineDecision[]): void {
  if (decided.length === 0) throw invalidField('lines', 'return.empty', 'decide at least one unit');
  const left = new Map(lines.map((line) => [line.returnLineId, waiting(line)]));
  for (const [index, { returnLineId, decision, quantity, warehouseId }] of decided.entries()) {
    const path = `lines.${index}`;
    const units = left.get(returnLineId);
    if (units === undefined) {
      throw invalidField(`${path}.returnLineId`, 'return.line_unknown', 'is no line of this return');
    }
    if ((decision === 'restock') !== (warehouseId !== null)) {
      const message = 'comes with restock, and with nothing else';
      throw invalidField(`${path}.warehouseId`, 'return.warehouse_misplaced', message);
    }
    if (positiveQuantity(quantity, `${path}.quantity`) > units) {
      const message = `only ${units} units of this line wait for a decision`;
      throw new Fault('conflict', 'return.more_than_waits', {
        message,
        data: { waiting: units },
        fields: [{ path: `${path}.quantity`, code: 'return.more_than_waits', message }],
      });
    }
    left.set(returnLineId, units - quantity);
  }
}

function described(lines: readonly LockedLine[], decided: readonly LineDecision[]) {
  const orderLines = new Map(lines.map((line) => [line.returnLineId, line.orderLineId]));
  return decided.map(({ returnLineId, decision, quantity, warehouseId }) => ({
    orderLineId: orderLines.get(returnLineId),
    decision,
    quantity,
    warehouseId,
  }));
}

/** Pays back the units that these decisions say came back; `none` ones are not paid back by themselves. */
async function refundCameBack(
  ctx: Ctx,
  found: LockedReturn,
  decided: readonly LineDecision[],
  wish: RefundWish,
): Promise<AskedRefund> {
  const unitsOf = (line: LockedLine, isNone: boolean): number =>
    decided
      .filter((each) => each.returnLineId === line.returnLineId && (each.decision === 'none') === isNone)
      .reduce((sum, { quantity }) => sum + quantity, 0);
  const lines = found.lines.map((line) => ({ ...line, notReturned: line.notReturned + unitsOf(line, true) }));
  const upTo = found.lines.map((line) => ({ orderLineId: line.orderLineId, quantity: unitsOf(line, false) }));
  return askRefund(ctx, { ...found, lines }, { upTo }, wish);
}
