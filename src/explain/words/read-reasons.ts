import { z } from 'zod';
import { parseId, isId } from '../../kernel/index.ts';

const id = z.string().refine(isId);

/** A reason of the planner as it is stored; `place` and `hasParcel` are missing from the first ones. */
export const reasonShape = z.object({
  warehouseId: id.transform((text) => parseId<'warehouse'>(text, 'warehouseId')),
  code: z.enum(['serves_all', 'serves_part', 'has_none', 'has_less', 'not_needed']),
  lacks: z.array(
    z.object({
      skuId: id.transform((text) => parseId<'sku'>(text, 'skuId')),
      wanted: z.number(),
      free: z.number(),
    }),
  ),
  place: z.number().optional(),
  hasParcel: z.boolean().optional(),
});

export type StoredReason = z.infer<typeof reasonShape>;

const stored = z.object({ warehouses: z.array(reasonShape) });

/** The reasons that the planner stored with a shipment. Those of another policy, with another shape, have no words: none. */
export function readReasons(reasons: unknown): readonly StoredReason[] {
  const parsed = stored.safeParse(reasons);
  return parsed.success ? parsed.data.warehouses : [];
}
