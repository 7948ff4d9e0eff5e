import { sql } from 'drizzle-orm';
import { newId, type ShipmentId, type ShipmentLineId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { transferReservations } from '../stock/index.ts';
import type { ShipmentLine } from './locks.ts';
import { takeOffLines } from './write-lines.ts';

/** Units of a line, on their way to another shipment. */
export type Moving = { readonly line: ShipmentLine; readonly quantity: number };

/**
 * Moves units, with their reservations, to lines of another shipment of the same warehouse; both are locked. Emptied shipments become
 * cancelled. Nothing else changes: not the order, not a level, not demand.
 */
export async function moveUnits(ctx: Ctx, to: ShipmentId, moving: readonly Moving[]): Promise<void> {
  const lineIds = await addLines(ctx, to, moving);
  await transferReservations(
    ctx,
    moving.flatMap(({ line, quantity }) => {
      const toShipmentLineId = lineIds.get(line.partId);
      return toShipmentLineId === undefined ? [] : [{ fromShipmentLineId: line.id, toShipmentLineId, quantity }];
    }),
  );
  await takeOffLines(
    ctx,
    moving.map(({ line, quantity }) => ({ shipmentId: line.shipmentId, shipmentLineId: line.id, quantity })),
  );
}

async function addLines(ctx: Ctx, to: ShipmentId, moving: readonly Moving[]): Promise<Map<string, ShipmentLineId>> {
  const byPart = new Map<string, Moving>();
  for (const one of moving) {
    const known = byPart.get(one.line.partId);
    byPart.set(one.line.partId, { ...one, quantity: one.quantity + (known?.quantity ?? 0) });
  }
  const added = [...byPart.values()];
  const stored = await rows<{ id: ShipmentLineId; partId: string }>(
    ctx.tx,
    sql`insert into shipment_lines (id, shipment_id, order_id, part_id, sku_id, quantity)
        select id, ${to}::uuid, order_id, part_id, sku_id, quantity from unnest(
          ${list(
            'uuid',
            added.map(() => newId<'shipment_line'>()),
          )},
          ${list(
            'uuid',
            added.map(({ line }) => line.orderId),
          )},
          ${list(
            'uuid',
            added.map(({ line }) => line.partId),
          )},
          ${list(
            'uuid',
            added.map(({ line }) => line.skuId),
          )},
          ${list(
            'int4',
            added.map(({ quantity }) => quantity),
          )}
        ) as added (id, order_id, part_id, sku_id, quantity)
        on conflict (shipment_id, part_id) do update set quantity = shipment_lines.quantity + excluded.quantity
        returning id, part_id as "partId"`,
  );
  return new Map(stored.map((line) => [line.partId, line.id]));
}
