import type { SkuId } from '../../kernel/index.ts';
import type { Candidate } from './candidates.ts';

/** Up to here every set of warehouses is tried (256 sets); beyond, the one that has most is taken each time. */
const exactUpTo = 8;

/**
 * The warehouses that together serve as much as all of them could, in the fewest new parcels, then in the fewest
 * warehouses, then by rank. `candidates` come by rank, and so does the answer.
 */
export function chooseWarehouses(wanted: ReadonlyMap<SkuId, number>, candidates: readonly Candidate[]): Candidate[] {
  const useful = candidates.filter((candidate) => [...wanted.keys()].some((skuId) => freeOf(candidate, skuId) > 0));
  const target = reachable(wanted, useful);
  const alone = aloneCovers(target, useful);
  if (alone !== null) return [alone];
  return useful.length <= exactUpTo ? smallestCover(target, useful) : greedyCover(target, useful);
}

function reachable(wanted: ReadonlyMap<SkuId, number>, candidates: readonly Candidate[]): Map<SkuId, number> {
  return new Map([...wanted].map(([skuId, units]) => [skuId, Math.min(units, sumFree(candidates, skuId))]));
}

/** Most orders fit one warehouse: then no set is tried. Several parcels that are planned already may spare a new one. */
function aloneCovers(target: ReadonlyMap<SkuId, number>, candidates: readonly Candidate[]): Candidate | null {
  const planned = candidates.filter((candidate) => candidate.hasParcel);
  const pool = planned.length > 0 ? planned : candidates;
  return pool.find((candidate) => covers(target, [candidate])) ?? null;
}

function smallestCover(target: ReadonlyMap<SkuId, number>, candidates: readonly Candidate[]): Candidate[] {
  let best: Candidate[] = [...candidates];
  for (let mask = 0; mask < 1 << candidates.length; mask += 1) {
    const set = candidates.filter((_, index) => (mask & (1 << index)) !== 0);
    if (covers(target, set) && compareSets(set, best, candidates) < 0) best = set;
  }
  return best;
}

function covers(target: ReadonlyMap<SkuId, number>, set: readonly Candidate[]): boolean {
  return [...target].every(([skuId, units]) => sumFree(set, skuId) >= units);
}

function compareSets(a: readonly Candidate[], b: readonly Candidate[], ranked: readonly Candidate[]): number {
  const newParcels = (set: readonly Candidate[]): number => set.filter((candidate) => !candidate.hasParcel).length;
  const difference = newParcels(a) - newParcels(b) || a.length - b.length;
  if (difference !== 0) return difference;
  for (const candidate of ranked) {
    const inA = a.includes(candidate);
    if (inA !== b.includes(candidate)) return inA ? -1 : 1;
  }
  return 0;
}

function greedyCover(target: ReadonlyMap<SkuId, number>, candidates: readonly Candidate[]): Candidate[] {
  const open = new Map(target);
  const chosen = new Set<Candidate>();
  while ([...open.values()].some((units) => units > 0)) {
    let best: { candidate: Candidate; units: number } | null = null;
    for (const candidate of candidates) {
      if (chosen.has(candidate)) continue;
      let units = 0;
      for (const [skuId, wanted] of open) units += Math.min(wanted, freeOf(candidate, skuId));
      if (best === null || units > best.units) best = { candidate, units };
    }
    if (best === null) break;
    chosen.add(best.candidate);
    for (const [skuId, wanted] of open) open.set(skuId, wanted - Math.min(wanted, freeOf(best.candidate, skuId)));
  }
  return candidates.filter((candidate) => chosen.has(candidate));
}

function sumFree(candidates: readonly Candidate[], skuId: SkuId): number {
  return candidates.reduce((sum, candidate) => sum + freeOf(candidate, skuId), 0);
}

function freeOf(candidate: Candidate, skuId: SkuId): number {
  return candidate.free.get(skuId) ?? 0;
}
