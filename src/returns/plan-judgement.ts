import { newId, type OrderLineId } from '../kernel/index.ts';
import type { LineUnits } from './events.ts';
import { refundedUnits, stands, type KnownRefund, type RefundedUnits } from './known-refunds.ts';
import type { ReturnId } from './return-states.ts';
import type { ShippedOrder } from './shipped-orders.ts';

/** Lines as the channel names them, in units of the listing. */
export type ToldLines = readonly { readonly line: string; readonly quantity: number }[];

/** A refund as the channel tells it. */
export type ToldRefund = {
  readonly externalId: string;
  readonly amountMinor: number;
  readonly reason: string | null;
  readonly lines: ToldLines;
};

/** A return of the order that is not withdrawn. */
export type ReturnUnits = { readonly returnId: ReturnId; readonly lines: readonly LineUnits[] };

export type Judgement = {
  readonly refund: ToldRefund;
  /** The return that it joins or opens; null: it concerns no goods that left. */
  readonly returnId: ReturnId | null;
  readonly units: readonly RefundedUnits[];
  /** What the return that it opens consists of; empty where it opens none. */
  readonly opens: readonly LineUnits[];
};

export type JudgedOrder = {
  readonly order: ShippedOrder;
  /** Not judged yet, in the order to judge them. */
  readonly told: readonly ToldRefund[];
  readonly known: readonly KnownRefund[];
  readonly returns: readonly ReturnUnits[];
};

/**
 * What refunds that a channel shows mean for goods, one after the other. A refund joins a return whose units are not paid
 * back yet and cover its own. Else its units are, first, those of the line that have not left (they concern a cancel, which
 * frees them, so nothing is restocked twice), and then shipped ones, which open a return. One that names no units, or only
 * such as have not left, opens none. Pure but for the ids it makes.
 */
export function judgeRefunds({ order, told, known, returns }: JudgedOrder): Judgement[] {
  const standing = known.filter(stands);
  const unpaid = new Map(returns.map((each) => [each.returnId, unpaidUnits(each, standing)]));
  const atHome = new Map(order.lines.map((line) => [line.orderLineId, line.quantity - line.shipped]));
  for (const { orderLineId, unshipped } of standing.flatMap(({ lines }) => lines)) add(atHome, orderLineId, -unshipped);
  const returnable = new Map(order.lines.map((line) => [line.orderLineId, line.returnable]));
  return told.map((refund) => {
    const units = toUnits(order, refund.lines);
    const joined = [...unpaid].find(([, left]) => units.length > 0 && covers(left, units));
    if (joined !== undefined) {
      const [returnId, left] = joined;
      for (const { orderLineId, quantity } of units) add(left, orderLineId, -quantity);
      return { refund, returnId, units: units.map((line) => ({ ...line, unshipped: 0 })), opens: [] };
    }
    const split = units.map((line) => splitUnits(line, atHome, returnable));
    const opens = split.flatMap(({ orderLineId, back }) => (back > 0 ? [{ orderLineId, quantity: back }] : []));
    return {
      refund,
      returnId: opens.length > 0 ? newId<'return'>() : null,
      units: split.map(({ back: _back, ...line }) => line),
      opens,
    };
  });
}

/** Takes the units of one line from what has not left, then from what may come back. */
function splitUnits(
  { orderLineId, quantity }: LineUnits,
  atHome: Map<OrderLineId, number>,
  returnable: Map<OrderLineId, number>,
): RefundedUnits & { readonly back: number } {
  const unshipped = Math.min(quantity, Math.max(0, atHome.get(orderLineId) ?? 0));
  const back = Math.min(quantity - unshipped, Math.max(0, returnable.get(orderLineId) ?? 0));
  add(atHome, orderLineId, -unshipped);
  add(returnable, orderLineId, -back);
  return { orderLineId, quantity, unshipped, back };
}

/** Each line once; lines that the order does not have are left out. */
export function toUnits(order: ShippedOrder, lines: ToldLines): LineUnits[] {
  const ids = new Map(order.lines.map((line) => [line.externalId, line.orderLineId]));
  const units = new Map<OrderLineId, number>();
  for (const { line, quantity } of lines) {
    const orderLineId = ids.get(line);
    if (orderLineId !== undefined && quantity > 0) add(units, orderLineId, quantity);
  }
  return [...units].map(([orderLineId, quantity]) => ({ orderLineId, quantity }));
}

function unpaidUnits({ returnId, lines }: ReturnUnits, standing: readonly KnownRefund[]): Map<OrderLineId, number> {
  const paid = refundedUnits(standing.filter((refund) => refund.returnId === returnId));
  return new Map(lines.map(({ orderLineId, quantity }) => [orderLineId, quantity - (paid.get(orderLineId) ?? 0)]));
}

export function covers(left: ReadonlyMap<OrderLineId, number>, units: readonly LineUnits[]): boolean {
  return units.every(({ orderLineId, quantity }) => (left.get(orderLineId) ?? 0) >= quantity);
}

export function add(units: Map<OrderLineId, number>, orderLineId: OrderLineId, delta: number): void {
  units.set(orderLineId, (units.get(orderLineId) ?? 0) + delta);
}
