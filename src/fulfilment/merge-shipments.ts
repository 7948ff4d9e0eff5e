import { authorise } from '../identity/index.ts';
import { Fault, groupBy, invalidField, type ShipmentId } from '../kernel/index.ts';
import { addTimeline } from '../orders/index.ts';
import { onBehalf, type Ctx } from '../platform/db/index.ts';
import { lockParcels, type LockedParcel } from './locks.ts';
import { moveUnits } from './move-units.ts';
import { readOrderFacts, refuseBlockedOrders } from './order-facts.ts';
import type { ShipmentState } from './shipment-states.ts';

const mergeable: readonly ShipmentState[] = ['planned', 'released'];

/**
 * Puts shipments to one receiver into one parcel: the one with the lowest number takes the lines of the others, which become
 * cancelled. Every order keeps its number, its money and its lines. Undone by `splitShipment`. Throws Fault conflict
 * `shipment.not_mergeable`, with why: `warehouse`, `receiver`, `state`.
 */
export async function mergeShipments(
  ctx: Ctx,
  input: { readonly shipmentIds: readonly ShipmentId[] },
): Promise<{ readonly shipmentId: ShipmentId }> {
  authorise(ctx, 'shipments:write');
  const ids = [...new Set(input.shipmentIds)];
  if (ids.length < 2) throw invalidField('shipmentIds', 'shipment.merge_too_few', 'names fewer than two shipments');
  const inner = onBehalf(ctx, 'merge_shipments');
  const parcels = [...(await lockParcels(inner, ids)).values()].sort((a, b) => a.number - b.number);
  const [target, ...others] = parcels;
  if (target === undefined) throw new Fault('not_found', 'shipment.not_found');
  refuseUnequal(target, others);
  const lines = others.flatMap((parcel) => parcel.lines);
  const facts = await readOrderFacts(inner.tx, new Set([...target.lines, ...lines].map((line) => line.orderId)));
  refuseBlockedOrders(facts.values());
  await moveUnits(
    inner,
    target.id,
    lines.map((line) => ({ line, quantity: line.quantity })),
  );
  const numbers = new Map(others.map((parcel) => [parcel.id, parcel.number]));
  await addTimeline(
    inner,
    [...groupBy(lines, (line) => line.orderId)].map(([orderId, own]) => ({
      orderId,
      kind: 'shipments_merged',
      data: { into: target.number, from: [...new Set(own.map((line) => numbers.get(line.shipmentId)))] },
    })),
  );
  return { shipmentId: target.id };
}

function refuseUnequal(target: LockedParcel, others: readonly LockedParcel[]): void {
  for (const parcel of [target, ...others]) {
    const why = refusal(target, parcel);
    if (why === null) continue;
    throw new Fault('conflict', 'shipment.not_mergeable', {
      data: { shipmentId: parcel.id, number: parcel.number, why, state: parcel.state },
    });
  }
}

/** States must be equal too: a merge must not make a released unit planned again. */
function refusal(target: LockedParcel, parcel: LockedParcel): 'state' | 'warehouse' | 'receiver' | null {
  if (!mergeable.includes(parcel.state) || parcel.state !== target.state) return 'state';
  if (parcel.warehouseId !== target.warehouseId) return 'warehouse';
  return parcel.mergeKey === null || parcel.mergeKey !== target.mergeKey ? 'receiver' : null;
}
