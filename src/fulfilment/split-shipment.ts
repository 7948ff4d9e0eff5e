import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import {
  Fault,
  groupBy,
  invalidField,
  newId,
  positiveQuantity,
  type ShipmentId,
  type ShipmentLineId,
} from '../kernel/index.ts';
import { addTimeline } from '../orders/index.ts';
import { firstRow, onBehalf, type Ctx } from '../platform/db/index.ts';
import { lockParcels, type LockedParcel } from './locks.ts';
import { moveUnits, type Moving } from './move-units.ts';
import { isKept } from './shipment-states.ts';

export type ShipmentSplit = {
  readonly shipmentId: ShipmentId;
  /** What goes into the new shipment: SKU units of each line, at least 1, and not everything there is. */
  readonly lines: readonly { readonly shipmentLineId: ShipmentLineId; readonly quantity: number }[];
};

/**
 * Makes a second shipment of a part of the first, in the same state and warehouse: state travels with the unit. The orders
 * stay as they were sold. Possible until packed; undone by `mergeShipments`.
 */
export async function splitShipment(ctx: Ctx, input: ShipmentSplit): Promise<{ readonly shipmentId: ShipmentId }> {
  authorise(ctx, 'shipments:write');
  const inner = onBehalf(ctx, 'split_shipment');
  const parcel = (await lockParcels(inner, [input.shipmentId])).get(input.shipmentId);
  if (parcel === undefined) throw new Fault('not_found', 'shipment.not_found');
  if (isKept(parcel.state)) {
    throw new Fault('conflict', 'shipment.too_far', { data: { shipmentId: parcel.id, state: parcel.state } });
  }
  const moving = toMoving(parcel, input);
  const shipmentId = newId<'shipment'>();
  const made = await firstRow<{ number: number }>(
    inner.tx,
    sql`insert into shipments (id, warehouse_id, state, merge_key, service, reasons, created_at, updated_at)
        select ${shipmentId}::uuid, warehouse_id, state, merge_key, service, reasons, ${ctx.now}, ${ctx.now}
        from shipments where id = ${parcel.id}
        returning number`,
  );
  await moveUnits(inner, shipmentId, moving);
  await addTimeline(
    inner,
    [...groupBy(moving, ({ line }) => line.orderId)].map(([orderId, own]) => ({
      orderId,
      kind: 'shipment_split',
      data: {
        from: parcel.number,
        to: made?.number,
        lines: own.map(({ line, quantity }) => ({ partId: line.partId, quantity })),
      },
    })),
  );
  return { shipmentId };
}

function toMoving(parcel: LockedParcel, { lines }: ShipmentSplit): Moving[] {
  if (lines.length === 0) throw invalidField('lines', 'shipment.split_nothing', 'names nothing to split off');
  const byId = new Map(parcel.lines.map((line) => [line.id, line]));
  if (new Set(lines.map((line) => line.shipmentLineId)).size < lines.length) {
    throw invalidField('lines', 'shipment.line_named_twice', 'names a line twice');
  }
  const moving = lines.map(({ shipmentLineId, quantity }, index) => {
    positiveQuantity(quantity, `lines.${index}.quantity`);
    const line = byId.get(shipmentLineId);
    if (line === undefined || line.quantity < quantity) {
      throw invalidField(`lines.${index}.quantity`, 'shipment.line_too_small', `has ${line?.quantity ?? 0} units`);
    }
    return { line, quantity };
  });
  const total = (all: readonly { readonly quantity: number }[]): number =>
    all.reduce((sum, one) => sum + one.quantity, 0);
  if (total(moving) === total(parcel.lines)) {
    throw invalidField('lines', 'shipment.split_everything', 'leaves nothing behind');
  }
  return moving;
}
