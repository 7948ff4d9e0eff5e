import { newId, type OrderLineId } from '../kernel/index.ts';
import type { LineUnits } from './events.ts';
import { add, covers, toUnits, type ReturnUnits, type ToldLines } from './plan-judgement.ts';
import type { ReportState, ReturnId } from './return-states.ts';
import type { ShippedOrder } from './shipped-orders.ts';

/** A return as the channel tells it. */
export type ToldReturn = {
  readonly externalId: string;
  readonly state: ReportState;
  readonly reason: string | null;
  readonly lines: ToldLines;
};

/** A report that was judged and that the channel has not cancelled. */
export type StandingReport = { readonly returnId: ReturnId | null; readonly lines: ToldLines };

export type ReportJudgement = {
  readonly told: ToldReturn;
  /** The return that it joins or opens; null: none of its units may come back to us, or the buyer keeps them. */
  readonly returnId: ReturnId | null;
  /** What the return that it opens consists of; empty where it opens none. */
  readonly opens: readonly LineUnits[];
  /** Units that it names and no return of ours takes up by it: they did not leave from here, or are in another return. */
  readonly leftOut: readonly LineUnits[];
};

export type ReportedOrder = {
  readonly order: ShippedOrder;
  /** Not judged yet, in the order to judge them. */
  readonly told: readonly ToldReturn[];
  readonly reports: readonly StandingReport[];
  readonly returns: readonly ReturnUnits[];
};

/**
 * What returns that a channel reports mean for goods, one after the other. Only units that left from here concern us. A
 * report joins a return that covers all of these by units which no other report speaks of: a person or a refund was quicker.
 * Else it opens a return of what may still come back. Pure but for the ids it makes.
 */
export function judgeReports({ order, told, reports, returns }: ReportedOrder): ReportJudgement[] {
  const free = new Map(returns.map((each) => [each.returnId, freeUnits(order, each, reports)]));
  const shipped = new Map(order.lines.map((line) => [line.orderLineId, line.shipped]));
  const returnable = new Map(order.lines.map((line) => [line.orderLineId, line.returnable]));
  return told.map((report) => {
    const units = toUnits(order, report.lines);
    if (report.state === 'cancelled') return { told: report, returnId: null, opens: [], leftOut: [] };
    const ours = limited(units, shipped);
    const joined = [...free].find(([, left]) => ours.length > 0 && covers(left, ours));
    if (joined !== undefined) {
      const [returnId, left] = joined;
      for (const { orderLineId, quantity } of ours) add(left, orderLineId, -quantity);
      return { told: report, returnId, opens: [], leftOut: rest(units, ours) };
    }
    const opens = limited(units, returnable);
    for (const { orderLineId, quantity } of opens) add(returnable, orderLineId, -quantity);
    const returnId = opens.length > 0 ? newId<'return'>() : null;
    return { told: report, returnId, opens, leftOut: rest(units, opens) };
  });
}

/** Units of a return that no report speaks of yet. */
function freeUnits(
  order: ShippedOrder,
  { returnId, lines }: ReturnUnits,
  reports: readonly StandingReport[],
): Map<OrderLineId, number> {
  const free = new Map(lines.map(({ orderLineId, quantity }) => [orderLineId, quantity]));
  for (const report of reports.filter((each) => each.returnId === returnId)) {
    for (const { orderLineId, quantity } of toUnits(order, report.lines)) add(free, orderLineId, -quantity);
  }
  return free;
}

function limited(units: readonly LineUnits[], most: ReadonlyMap<OrderLineId, number>): LineUnits[] {
  return units
    .map(({ orderLineId, quantity }) => ({ orderLineId, quantity: Math.min(quantity, most.get(orderLineId) ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
}

function rest(units: readonly LineUnits[], taken: readonly LineUnits[]): LineUnits[] {
  const left = new Map(units.map(({ orderLineId, quantity }) => [orderLineId, quantity]));
  for (const { orderLineId, quantity } of taken) add(left, orderLineId, -quantity);
  return [...left].flatMap(([orderLineId, quantity]) => (quantity > 0 ? [{ orderLineId, quantity }] : []));
}
