import { sql } from 'drizzle-orm';
import { newId, type LotId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { levelKey, type LevelKey } from './level.ts';

export type MoveReason = 'received' | 'adjusted' | 'counted' | 'shipped' | 'transferred' | 'returned' | 'assembled';

/** One signed change of sellable units at one place (bin and lot) of a level. */
export type Move = LevelKey & {
  readonly binCode: string;
  readonly lotId: LotId | null;
  readonly quantity: number;
  readonly reason: MoveReason;
  readonly reference: { readonly kind: string; readonly id: string } | null;
  readonly note: string | null;
  readonly unitCost: string | null;
  readonly costCurrency: string | null;
};

/** Writes moves and carries them to the details. Levels must be locked, and are written by the caller. */
export async function writeMoves(ctx: Ctx, moves: readonly Move[]): Promise<void> {
  await rows(
    ctx.tx,
    sql`insert into stock_moves (id, at, sku_id, warehouse_id, bin_code, lot_id, quantity, reason, reference_kind,
          reference_id, note, unit_cost, cost_currency, actor_kind, actor_id)
        select id, ${ctx.now}, sku_id, warehouse_id, bin_code, lot_id, quantity, reason, reference_kind, reference_id, note,
          unit_cost, cost_currency, ${ctx.actor.kind}, ${ctx.actor.id}
        from unnest(
          ${list(
            'uuid',
            moves.map(() => newId<'stock_move'>()),
          )},
          ${list(
            'uuid',
            moves.map((move) => move.skuId),
          )},
          ${list(
            'uuid',
            moves.map((move) => move.warehouseId),
          )},
          ${list(
            'text',
            moves.map((move) => move.binCode),
          )},
          ${list(
            'uuid',
            moves.map((move) => move.lotId),
          )},
          ${list(
            'int4',
            moves.map((move) => move.quantity),
          )},
          ${list(
            'text',
            moves.map((move) => move.reason),
          )},
          ${list(
            'text',
            moves.map((move) => move.reference?.kind),
          )},
          ${list(
            'uuid',
            moves.map((move) => move.reference?.id),
          )},
          ${list(
            'text',
            moves.map((move) => move.note),
          )},
          ${list(
            'numeric',
            moves.map((move) => move.unitCost),
          )},
          ${list(
            'text',
            moves.map((move) => move.costCurrency),
          )}
        ) as move (id, sku_id, warehouse_id, bin_code, lot_id, quantity, reason, reference_kind, reference_id, note,
          unit_cost, cost_currency)`,
  );
  await writeDetails(ctx, sumByPlace(moves));
}

function sumByPlace(moves: readonly Move[]): Move[] {
  const places = new Map<string, Move>();
  for (const move of moves) {
    const place = `${levelKey(move)} ${move.lotId} ${move.binCode}`;
    places.set(place, { ...move, quantity: move.quantity + (places.get(place)?.quantity ?? 0) });
  }
  return [...places.values()].filter((move) => move.quantity !== 0);
}

/**
 * Growing places are inserted or added to; shrinking ones exist, and an upsert of a negative number would be refused by
 * the CHECK before it meets its row.
 */
async function writeDetails(ctx: Ctx, places: readonly Move[]): Promise<void> {
  const grown = places.filter((place) => place.quantity > 0);
  const shrunk = places.filter((place) => place.quantity < 0);
  if (grown.length > 0) {
    await rows(
      ctx.tx,
      sql`insert into stock_details (sku_id, warehouse_id, bin_code, lot_id, quantity)
          select sku_id, warehouse_id, bin_code, lot_id, quantity from ${placeRows(grown)}
          on conflict on constraint stock_details_place
          do update set quantity = stock_details.quantity + excluded.quantity`,
    );
  }
  if (shrunk.length > 0) {
    await rows(
      ctx.tx,
      sql`update stock_details set quantity = stock_details.quantity + place.quantity
          from ${placeRows(shrunk)}
          where stock_details.sku_id = place.sku_id and stock_details.warehouse_id = place.warehouse_id
            and stock_details.bin_code = place.bin_code and stock_details.lot_id is not distinct from place.lot_id
            and stock_details.condition = 'sellable'`,
    );
  }
}

function placeRows(places: readonly Move[]): ReturnType<typeof sql> {
  return sql`unnest(
    ${list(
      'uuid',
      places.map((place) => place.skuId),
    )},
    ${list(
      'uuid',
      places.map((place) => place.warehouseId),
    )},
    ${list(
      'text',
      places.map((place) => place.binCode),
    )},
    ${list(
      'uuid',
      places.map((place) => place.lotId),
    )},
    ${list(
      'int4',
      places.map((place) => place.quantity),
    )}
  ) as place (sku_id, warehouse_id, bin_code, lot_id, quantity)`;
}
