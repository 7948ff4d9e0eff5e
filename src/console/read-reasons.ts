import { z } from 'zod';
import { parseId, isId, type SkuId, type WarehouseId } from '../kernel/index.ts';

export type StoredReason = {
  readonly warehouseId: WarehouseId;
  readonly code: 'serves_all' | 'serves_part' | 'has_none' | 'has_less' | 'not_needed';
  readonly lacks: readonly { readonly skuId: SkuId; readonly wanted: number; readonly free: number }[];
};

const id = z.string().refine(isId);

const stored = z.object({
  warehouses: z.array(
    z.object({
      warehouseId: id.transform((text) => parseId<'warehouse'>(text, 'warehouseId')),
      code: z.enum(['serves_all', 'serves_part', 'has_none', 'has_less', 'not_needed']),
      lacks: z.array(
        z.object({
          skuId: id.transform((text) => parseId<'sku'>(text, 'skuId')),
          wanted: z.number(),
          free: z.number(),
        }),
      ),
    }),
  ),
});

/** The reasons that the planner stored with a shipment. Those of another policy, with another shape, have no words: none. */
export function readReasons(reasons: unknown): readonly StoredReason[] {
  const parsed = stored.safeParse(reasons);
  return parsed.success ? parsed.data.warehouses : [];
}
