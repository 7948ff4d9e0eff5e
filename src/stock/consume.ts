import { authorise } from '../identity/index.ts';
import { Fault } from '../kernel/index.ts';
import type { Ctx } from '../platform/db/index.ts';
import { closeReservations, type LineQuantity } from './close-reservations.ts';
import { sumByLevel } from './level.ts';
import { pickDetails } from './pick-details.ts';
import { readPlaces } from './read-places.ts';
import { writeLevels } from './write-levels.ts';
import { writeMoves } from './write-moves.ts';

/**
 * Ships reserved units out: a move `shipped` for each bin and lot, on-hand and reserved down alike, so that no shop's number
 * changes. Throws Fault conflict `stock.not_reserved` when a line has fewer units open.
 */
export async function consume(ctx: Ctx, lines: readonly LineQuantity[]): Promise<void> {
  authorise(ctx, 'shipments:write');
  if (lines.length === 0) return;
  const closed = await closeReservations(ctx, lines, 'consumed');
  const { picks, missing } = pickDetails(closed, await readPlaces(ctx.tx, closed));
  if (missing.length > 0) {
    throw new Fault('conflict', 'stock.no_lot_will_do', {
      message: 'the lots that are left expire too early, or the details do not sum to the level',
      data: {
        lines: missing.map(({ shipmentLineId, skuId, warehouseId }) => ({ shipmentLineId, skuId, warehouseId })),
      },
    });
  }
  await writeLevels(
    ctx,
    sumByLevel(closed, ({ quantity }) => quantity).map((level) => ({
      ...level,
      onHand: -level.sum,
      reserved: -level.sum,
    })),
  );
  await writeMoves(
    ctx,
    picks.map(({ for: line, place, quantity }) => ({
      skuId: line.skuId,
      warehouseId: line.warehouseId,
      binCode: place.binCode,
      lotId: place.lotId,
      quantity: -quantity,
      reason: 'shipped',
      reference: { kind: 'shipment_line', id: line.shipmentLineId },
      note: null,
      unitCost: null,
      costCurrency: null,
    })),
  );
}
