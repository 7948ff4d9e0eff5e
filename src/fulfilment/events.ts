import type { ShipmentId } from '../kernel/index.ts';
import type { Ctx } from '../platform/db/index.ts';

/** Goods have left: the channels of all their orders are to be told. */
export type ShipmentShipped = { readonly kind: 'shipment.shipped'; readonly shipmentIds: readonly ShipmentId[] };

/** Tracking of shipped parcels was corrected: what was told is to be updated. */
export type TrackingCorrected = {
  readonly kind: 'shipment.tracking_corrected';
  readonly shipmentIds: readonly ShipmentId[];
};

export function raiseShipped(ctx: Ctx, shipmentIds: readonly ShipmentId[]): void {
  ctx.events.push({ kind: 'shipment.shipped', shipmentIds } as ShipmentShipped);
}

export function raiseTrackingCorrected(ctx: Ctx, shipmentIds: readonly ShipmentId[]): void {
  ctx.events.push({ kind: 'shipment.tracking_corrected', shipmentIds } as TrackingCorrected);
}
