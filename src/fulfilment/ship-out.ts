import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { Fault, groupBy, type ShipmentId } from '../kernel/index.ts';
import { addTimeline, markPartsShipped } from '../orders/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { list, onBehalf, rows, type Ctx } from '../platform/db/index.ts';
import { closeExceptions } from '../platform/exceptions/index.ts';
import { consume } from '../stock/index.ts';
import { raiseShipped } from './events.ts';
import { lockParcels, type LockedParcel } from './locks.ts';
import { readOrderFacts, refuseBlockedOrders } from './order-facts.ts';
import { shipmentStates } from './shipment-states.ts';
import { sameTracking, type Tracking } from './tracking.ts';

export type ShipOut = Tracking & {
  readonly shipmentId: ShipmentId;
  /** The carrier's product; null keeps what was planned. */
  readonly service: string | null;
};

export type ShipOutOutcome = {
  readonly shipmentId: ShipmentId;
  readonly outcome: 'shipped' | 'unchanged';
};

/**
 * Goods leave: reservations are consumed, parts count as shipped, channels are to be told. All or none of the batch. A
 * shipment that went out with the same tracking is answered `unchanged`; with another one it is a conflict
 * (`shipment.already_shipped`: tracking is corrected by `correctTracking`). Held and cancelled orders block.
 */
export async function shipOut(ctx: Ctx, inputs: readonly ShipOut[]): Promise<ShipOutOutcome[]> {
  authorise(ctx, 'shipments:write');
  const byId = new Map(inputs.map((input) => [input.shipmentId, input]));
  if (byId.size < inputs.length) throw new Fault('invalid', 'shipment.named_twice');
  if (byId.size === 0) return [];
  const inner = onBehalf(ctx, 'ship_out');
  const parcels = await lockParcels(inner, [...byId.keys()]);
  const leaving = inputs.filter((input) => isLeaving(parcels.get(input.shipmentId), input));
  if (leaving.length > 0) {
    await leave(
      inner,
      leaving,
      leaving.flatMap(({ shipmentId }) => parcels.get(shipmentId) ?? []),
    );
    if (ctx.because === null) {
      await writeAudit(ctx, {
        action: 'shipment.shipped',
        subjectKind: 'shipment',
        subjectId: leaving.length === 1 ? (leaving[0]?.shipmentId ?? null) : null,
        data: { shipmentIds: leaving.map(({ shipmentId }) => shipmentId) },
      });
    }
  }
  return inputs.map(({ shipmentId }) => ({
    shipmentId,
    outcome: leaving.some((input) => input.shipmentId === shipmentId) ? 'shipped' : 'unchanged',
  }));
}

function isLeaving(parcel: LockedParcel | undefined, input: ShipOut): boolean {
  if (parcel === undefined) return false;
  if (parcel.state === 'shipped') {
    if (sameTracking(parcel, input)) return false;
    throw new Fault('conflict', 'shipment.already_shipped', {
      message: `shipment ${parcel.number} went out with other tracking; correct that instead`,
      data: { shipmentId: parcel.id, number: parcel.number },
    });
  }
  shipmentStates.check(parcel.state, 'shipped');
  if (parcel.lines.length > 0) return true;
  throw new Fault('conflict', 'shipment.empty', { data: { shipmentId: parcel.id, number: parcel.number } });
}

async function leave(ctx: Ctx, inputs: readonly ShipOut[], parcels: readonly LockedParcel[]): Promise<void> {
  const lines = parcels.flatMap((parcel) => parcel.lines);
  const facts = await readOrderFacts(ctx.tx, new Set(lines.map((line) => line.orderId)));
  refuseBlockedOrders(facts.values());
  await writeShipped(ctx, inputs);
  await consume(
    ctx,
    lines.map(({ id, quantity }) => ({ shipmentLineId: id, quantity })),
  );
  await markPartsShipped(
    ctx,
    lines.map(({ partId, quantity }) => ({ partId, quantity })),
  );
  const byId = new Map(parcels.map((parcel) => [parcel.id, parcel]));
  const tracked = new Map(inputs.map((input) => [input.shipmentId, input]));
  await addTimeline(
    ctx,
    [...groupBy(lines, (line) => `${line.shipmentId} ${line.orderId}`).values()].flatMap((own) => {
      const [first] = own;
      if (first === undefined) return [];
      const input = tracked.get(first.shipmentId);
      const data = {
        shipmentId: first.shipmentId,
        shipment: byId.get(first.shipmentId)?.number,
        carrier: input?.carrier ?? null,
        trackingNumber: input?.trackingNumber ?? null,
        lines: own.map(({ partId, quantity }) => ({ partId, quantity })),
      };
      return [{ orderId: first.orderId, kind: 'shipped', data }];
    }),
  );
  await closeExceptions(
    ctx,
    parcels.map(({ id }) => ({ kind: 'shipment.order_changed', subjectKind: 'shipment', subjectId: id })),
  );
  raiseShipped(
    ctx,
    inputs.map((input) => input.shipmentId),
  );
}

async function writeShipped(ctx: Ctx, inputs: readonly ShipOut[]): Promise<void> {
  await rows(
    ctx.tx,
    sql`update shipments set
          state = 'shipped', shipped_at = ${ctx.now}, updated_at = ${ctx.now}, version = version + 1,
          carrier = input.carrier, tracking_number = input.tracking_number, tracking_url = input.tracking_url,
          service = coalesce(input.service, shipments.service)
        from unnest(
          ${list(
            'uuid',
            inputs.map((input) => input.shipmentId),
          )},
          ${list(
            'text',
            inputs.map((input) => input.carrier),
          )},
          ${list(
            'text',
            inputs.map((input) => input.trackingNumber),
          )},
          ${list(
            'text',
            inputs.map((input) => input.trackingUrl),
          )},
          ${list(
            'text',
            inputs.map((input) => input.service),
          )}
        ) as input (id, carrier, tracking_number, tracking_url, service)
        where shipments.id = input.id`,
  );
}
