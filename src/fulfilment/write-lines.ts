import { sql } from 'drizzle-orm';
import type { ShipmentId, ShipmentLineId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';

/** Takes units off lines of locked shipments, bumps the shipments, and cancels those left without units. Returns these. */
export async function takeOffLines(
  ctx: Ctx,
  taken: readonly {
    readonly shipmentId: ShipmentId;
    readonly shipmentLineId: ShipmentLineId;
    readonly quantity: number;
  }[],
): Promise<ShipmentId[]> {
  await rows(
    ctx.tx,
    sql`update shipment_lines set quantity = shipment_lines.quantity - taken.units
        from unnest(${list(
          'uuid',
          taken.map((one) => one.shipmentLineId),
        )}, ${list(
          'int4',
          taken.map((one) => one.quantity),
        )})
          as taken (id, units)
        where shipment_lines.id = taken.id`,
  );
  const cancelled = await rows<{ id: ShipmentId; state: string }>(
    ctx.tx,
    sql`update shipments set
          version = version + 1, updated_at = ${ctx.now},
          state = case when left_over.units = 0 then 'cancelled' else state end,
          cancelled_at = case when left_over.units = 0 then ${ctx.now}::timestamptz else cancelled_at end
        from (
          select shipment_id, sum(quantity) as units from shipment_lines
          where shipment_id = any(${list('uuid', new Set(taken.map((one) => one.shipmentId)))})
          group by shipment_id
        ) as left_over
        where shipments.id = left_over.shipment_id
        returning id, state`,
  );
  return cancelled.filter(({ state }) => state === 'cancelled').map(({ id }) => id);
}
