import type { CurrentOrder, HoldKind, NewHold, SoldOrder } from '../../orders/index.ts';
import type { OrderId } from '../../kernel/index.ts';

/** Why the order must wait, as its document and its lines tell. An authorised payment is enough to go on. */
export function wantedHolds(
  order: SoldOrder,
  facts: { isAddressed: boolean; waitsForMapping: boolean },
): Set<HoldKind> {
  const wanted = new Set<HoldKind>(order.holds);
  if (order.paymentState === 'unpaid') wanted.add('unpaid');
  if (!facts.isAddressed) wanted.add('address');
  if (facts.waitsForMapping) wanted.add('unmapped');
  return wanted;
}

export type HoldChanges = { readonly place: NewHold[]; readonly release: { orderId: OrderId; kind: HoldKind }[] };

/**
 * Holds that a document placed go when its reason goes. Those of people stay, and a reason that a person has let pass is
 * not held again.
 */
export function holdChanges(orderId: OrderId, wanted: ReadonlySet<HoldKind>, held: CurrentOrder['holds']): HoldChanges {
  const open = held.filter((hold) => hold.isOpen);
  const passed = new Set(
    held.filter((hold) => hold.releasedBy?.startsWith('system:') === false).map((hold) => hold.kind),
  );
  return {
    place: [...wanted]
      .filter((kind) => !passed.has(kind) && !open.some((hold) => hold.kind === kind))
      .map((kind) => ({ orderId, kind, cause: { source: kind === 'manual' ? 'change_too_late' : 'channel' } })),
    release: open
      .filter((hold) => hold.source === 'channel' && !wanted.has(hold.kind))
      .map(({ kind }) => ({ orderId, kind })),
  };
}
