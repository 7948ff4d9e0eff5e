import type { SkuId } from '../../kernel/index.ts';
import type { Candidate } from './candidates.ts';
import type { WarehouseReason } from './policy.ts';

/** Says of every warehouse that may serve the shop why it does or does not. Called before units are dealt. */
export function explain(
  wanted: ReadonlyMap<SkuId, number>,
  candidates: readonly Candidate[],
  chosen: readonly Candidate[],
): WarehouseReason[] {
  return candidates.map((candidate, index) => {
    const lacks = [...wanted]
      .map(([skuId, units]) => ({ skuId, wanted: units, free: candidate.free.get(skuId) ?? 0 }))
      .filter(({ wanted: units, free }) => free < units)
      .sort((a, b) => (a.skuId < b.skuId ? -1 : 1));
    const hasNone = lacks.length === wanted.size && lacks.every(({ free }) => free === 0);
    const { warehouseId, hasParcel } = candidate;
    const facts = { warehouseId, lacks, place: index + 1, hasParcel };
    return chosen.includes(candidate)
      ? { ...facts, outcome: 'chosen', code: lacks.length === 0 ? 'serves_all' : 'serves_part' }
      : { ...facts, outcome: 'rejected', code: rejection(hasNone, lacks.length) };
  });
}

function rejection(hasNone: boolean, lackCount: number): WarehouseReason['code'] {
  if (hasNone) return 'has_none';
  return lackCount > 0 ? 'has_less' : 'not_needed';
}
