import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { Fault, type ShipmentId } from '../kernel/index.ts';
import { addTimeline } from '../orders/index.ts';
import { list, onBehalf, rows, type Ctx } from '../platform/db/index.ts';
import { lockParcels, type LockedParcel } from './locks.ts';
import { readOrderFacts, refuseBlockedOrders } from './order-facts.ts';
import { shipmentStates, type ShipmentState } from './shipment-states.ts';

/** Leaving and cancelling have verbs of their own. */
export type FloorState = Exclude<ShipmentState, 'shipped' | 'cancelled'>;

export type Advance = { readonly shipmentId: ShipmentId; readonly to: FloorState };

/**
 * Moves shipments along the floor, or one step back (unpacked, label voided). One that is already there is left alone. Going
 * forward is refused for held and cancelled orders (`shipment.order_blocked`). Each order's timeline tells it.
 */
export async function advanceShipments(ctx: Ctx, advances: readonly Advance[]): Promise<void> {
  authorise(ctx, 'shipments:write');
  const to = new Map(advances.map((advance) => [advance.shipmentId, advance.to]));
  if (to.size < advances.length) throw new Fault('invalid', 'shipment.named_twice');
  if (to.size === 0) return;
  const inner = onBehalf(ctx, 'advance_shipments');
  const parcels = await lockParcels(inner, [...to.keys()]);
  const moving = advances.filter((advance) => parcels.get(advance.shipmentId)?.state !== advance.to);
  const forward = moving.flatMap((advance) => {
    const parcel = parcels.get(advance.shipmentId);
    if (parcel === undefined) return [];
    shipmentStates.check(parcel.state, advance.to);
    const isForward = shipmentStates.states.indexOf(advance.to) > shipmentStates.states.indexOf(parcel.state);
    return isForward ? parcel.lines.map((line) => line.orderId) : [];
  });
  refuseBlockedOrders((await readOrderFacts(inner.tx, new Set(forward))).values());
  await rows(
    inner.tx,
    sql`update shipments set state = advance.state, version = version + 1, updated_at = ${ctx.now}
        from unnest(${list(
          'uuid',
          moving.map((one) => one.shipmentId),
        )}, ${list(
          'text',
          moving.map((one) => one.to),
        )})
          as advance (id, state)
        where shipments.id = advance.id`,
  );
  await tell(
    inner,
    moving.flatMap(({ shipmentId, to: state }) => {
      const parcel = parcels.get(shipmentId);
      return parcel === undefined ? [] : [{ parcel, to: state }];
    }),
  );
}

async function tell(
  ctx: Ctx,
  moved: readonly { readonly parcel: LockedParcel; readonly to: FloorState }[],
): Promise<void> {
  await addTimeline(
    ctx,
    moved.flatMap(({ parcel, to }) =>
      [...new Set(parcel.lines.map((line) => line.orderId))].map((orderId) => ({
        orderId,
        kind: 'parcel_moved',
        data: { shipmentId: parcel.id, shipment: parcel.number, from: parcel.state, to },
      })),
    ),
  );
}
