import { z } from 'zod';
import { groupBy } from '../../kernel/index.ts';
import type { Lack } from '../words/data.ts';
import { reasonShape } from '../words/read-reasons.ts';
import { tell, type Sentence } from '../words/sentences.ts';
import { itemsOf, skuOf, warehouseOf } from './naming.ts';
import type { OrderFacts } from './order-facts.ts';
import type { Told } from './told.ts';

const units = z.object({ skuId: z.string(), quantity: z.number() });

const shape = z.object({
  lines: z.array(units.extend({ warehouseId: z.string(), shipmentId: z.string() })),
  short: z.array(units),
  reasons: z.array(reasonShape),
});

type Allocated = z.infer<typeof shape>;
type Reason = Allocated['reasons'][number];

/** Which warehouse was chosen and why no other: the planner's own reasons, as stored when it decided. */
export function tellAllocated(facts: OrderFacts, data: unknown): Told | null {
  const parsed = shape.safeParse(data);
  if (!parsed.success) return null;
  const { lines, short, reasons } = parsed.data;
  const chosen = [...groupBy(lines, (line) => line.warehouseId)].map(([warehouseId, own]) => ({
    warehouse: warehouseOf(facts, warehouseId),
    items: itemsOf(facts, own),
  }));
  const isChosen = (reason: Reason): boolean => reason.code === 'serves_all' || reason.code === 'serves_part';
  const ordered = [...reasons.filter(isChosen), ...reasons.filter((reason) => !isChosen(reason))];
  const parcels = new Set(lines.map((line) => line.shipmentId)).size;
  return {
    sentence: tell('story.allocated', { chosen }),
    details: [
      ...ordered.map((reason) => tellReason(facts, reason, reasons)),
      ...(parcels > 1 ? [tell('reason.split', { parcels })] : []),
      ...(short.length > 0 ? [tell('reason.short', { items: itemsOf(facts, short) })] : []),
    ],
  };
}

function tellReason(facts: OrderFacts, reason: Reason, all: readonly Reason[]): Sentence {
  const warehouse = warehouseOf(facts, reason.warehouseId);
  const lacks = reason.lacks.map(({ skuId, ...lack }): Lack => ({ sku: skuOf(facts, skuId), ...lack }));
  switch (reason.code) {
    case 'serves_all':
      return tell('reason.chosen_all', { warehouse });
    case 'serves_part':
      return tell('reason.chosen_part', { warehouse, lacks });
    case 'has_none':
      return tell('reason.has_none', { warehouse });
    case 'has_less':
      return tell('reason.has_less', { warehouse, lacks });
    case 'not_needed':
      return tellNotNeeded(facts, reason, all);
  }
}

/** Beaten by the one warehouse that has everything: by a parcel that was planned there, or by its place. */
function tellNotNeeded(facts: OrderFacts, reason: Reason, all: readonly Reason[]): Sentence {
  const warehouse = warehouseOf(facts, reason.warehouseId);
  const winner = all.find((one) => one.code === 'serves_all');
  if (winner === undefined || winner.place === undefined || reason.place === undefined) {
    return tell('reason.not_needed', { warehouse });
  }
  if (winner.hasParcel === true && reason.hasParcel !== true) return tell('reason.by_parcel', { warehouse });
  return winner.place < reason.place
    ? tell('reason.by_rank', { warehouse, before: warehouseOf(facts, winner.warehouseId) })
    : tell('reason.not_needed', { warehouse });
}
