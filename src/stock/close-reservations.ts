import { sql } from 'drizzle-orm';
import { Fault, newId, positiveQuantity, type ShipmentLineId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { lockLevelsOfLines, lockOpenReservations, type OpenReservation } from './locks.ts';

export type LineQuantity = {
  readonly shipmentLineId: ShipmentLineId;
  /** SKU units, at least 1. */
  readonly quantity: number;
};

/** What a line gave back or used up: its reservation, with `quantity` the units closed. */
export type Closed = OpenReservation;

/**
 * Takes units off open reservations, whole or in part, and keeps a closed row for them. Locks the levels but does not
 * write them. Throws Fault conflict `stock.not_reserved`, which names the line, when it has fewer units open.
 */
export async function closeReservations(
  ctx: Ctx,
  lines: readonly LineQuantity[],
  state: 'consumed' | 'released',
): Promise<readonly Closed[]> {
  const units = new Map<ShipmentLineId, number>();
  lines.forEach(({ shipmentLineId, quantity }, index) => {
    positiveQuantity(quantity, `lines.${index}.quantity`);
    units.set(shipmentLineId, (units.get(shipmentLineId) ?? 0) + quantity);
  });
  await lockLevelsOfLines(ctx, [...units.keys()]);
  const open = await lockOpenReservations(ctx, [...units.keys()]);
  const closed = [...units].map(([shipmentLineId, quantity]): { of: OpenReservation; quantity: number } => {
    const of = open.get(shipmentLineId);
    if (of === undefined || of.quantity < quantity) {
      throw new Fault('conflict', 'stock.not_reserved', {
        data: { shipmentLineId, open: of?.quantity ?? 0, quantity },
      });
    }
    return { of, quantity };
  });
  await closeWhole(
    ctx,
    closed.filter(({ of, quantity }) => of.quantity === quantity).map(({ of }) => of),
    state,
  );
  await closePart(
    ctx,
    closed.filter(({ of, quantity }) => of.quantity > quantity),
    state,
  );
  return closed.map(({ of, quantity }) => ({ ...of, quantity }));
}

async function closeWhole(ctx: Ctx, whole: readonly OpenReservation[], state: string): Promise<void> {
  if (whole.length === 0) return;
  await rows(
    ctx.tx,
    sql`update reservations set state = ${state}, closed_at = ${ctx.now}
        where id = any(${list(
          'uuid',
          whole.map(({ id }) => id),
        )})`,
  );
}

async function closePart(
  ctx: Ctx,
  parts: readonly { readonly of: OpenReservation; readonly quantity: number }[],
  state: string,
): Promise<void> {
  if (parts.length === 0) return;
  await rows(
    ctx.tx,
    sql`with closed as (
          select * from unnest(
            ${list(
              'uuid',
              parts.map(({ of }) => of.id),
            )},
            ${list(
              'uuid',
              parts.map(() => newId<'reservation'>()),
            )},
            ${list(
              'int4',
              parts.map(({ quantity }) => quantity),
            )}
          ) as closed (id, closed_id, units)
        ), kept as (
          update reservations set quantity = reservations.quantity - closed.units
          from closed where reservations.id = closed.id
        )
        insert into reservations (id, sku_id, warehouse_id, part_id, shipment_line_id, quantity, state, expires_after,
          created_at, closed_at)
        select closed.closed_id, sku_id, warehouse_id, part_id, shipment_line_id, closed.units, ${state}, expires_after,
          created_at, ${ctx.now}
        from reservations join closed on closed.id = reservations.id`,
  );
}
