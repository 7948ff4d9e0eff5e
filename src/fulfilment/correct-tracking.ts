import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { Fault, type ShipmentId } from '../kernel/index.ts';
import { addTimeline } from '../orders/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { list, onBehalf, rows, type Ctx } from '../platform/db/index.ts';
import { raiseTrackingCorrected } from './events.ts';
import { lockParcels } from './locks.ts';
import { sameTracking, type Tracking } from './tracking.ts';

export type TrackingCorrection = Tracking & { readonly shipmentId: ShipmentId };

/**
 * Replaces the tracking of shipments that have left: an update of what channels were told, never a second parcel. Returns
 * what changed. Throws Fault conflict `shipment.not_shipped`.
 */
export async function correctTracking(ctx: Ctx, corrections: readonly TrackingCorrection[]): Promise<ShipmentId[]> {
  authorise(ctx, 'shipments:write');
  const ids = new Set(corrections.map((correction) => correction.shipmentId));
  if (ids.size < corrections.length) throw new Fault('invalid', 'shipment.named_twice');
  if (ids.size === 0) return [];
  const inner = onBehalf(ctx, 'correct_tracking');
  const parcels = await lockParcels(inner, [...ids]);
  const changed = corrections.flatMap((correction) => {
    const parcel = parcels.get(correction.shipmentId);
    if (parcel === undefined || sameTracking(parcel, correction)) return [];
    if (parcel.state !== 'shipped') {
      throw new Fault('conflict', 'shipment.not_shipped', { data: { shipmentId: parcel.id, state: parcel.state } });
    }
    return [{ correction, parcel }];
  });
  if (changed.length === 0) return [];
  await writeTracking(
    inner,
    changed.map(({ correction }) => correction),
  );
  await addTimeline(
    inner,
    changed.flatMap(({ correction, parcel }) =>
      [...new Set(parcel.lines.map((line) => line.orderId))].map((orderId) => ({
        orderId,
        kind: 'tracking_corrected',
        data: {
          shipment: parcel.number,
          before: { carrier: parcel.carrier, trackingNumber: parcel.trackingNumber },
          after: { carrier: correction.carrier, trackingNumber: correction.trackingNumber },
        },
      })),
    ),
  );
  const shipmentIds = changed.map(({ parcel }) => parcel.id);
  await writeAudit(inner, {
    action: 'shipment.tracking_corrected',
    subjectKind: 'shipment',
    subjectId: null,
    data: { shipmentIds },
  });
  raiseTrackingCorrected(inner, shipmentIds);
  return shipmentIds;
}

async function writeTracking(ctx: Ctx, corrections: readonly TrackingCorrection[]): Promise<void> {
  await rows(
    ctx.tx,
    sql`update shipments set
          carrier = input.carrier, tracking_number = input.tracking_number, tracking_url = input.tracking_url,
          updated_at = ${ctx.now}, version = version + 1
        from unnest(
          ${list(
            'uuid',
            corrections.map((one) => one.shipmentId),
          )},
          ${list(
            'text',
            corrections.map((one) => one.carrier),
          )},
          ${list(
            'text',
            corrections.map((one) => one.trackingNumber),
          )},
          ${list(
            'text',
            corrections.map((one) => one.trackingUrl),
          )}
        ) as input (id, carrier, tracking_number, tracking_url)
        where shipments.id = input.id`,
  );
}
