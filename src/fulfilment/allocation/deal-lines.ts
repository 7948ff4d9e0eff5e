import type { Candidate } from './candidates.ts';
import type { Assignment, DemandLine } from './policy.ts';

/**
 * Deals lines over the chosen warehouses and takes the units off their free ones. A line stays whole where one of them has
 * all of it; else it is split in rank order; what nobody has is short.
 */
export function dealLines(
  lines: readonly DemandLine[],
  chosen: readonly Candidate[],
): { readonly assignments: readonly Assignment[]; readonly short: readonly DemandLine[] } {
  const assignments: Assignment[] = [];
  const short: DemandLine[] = [];
  for (const line of [...lines].sort((a, b) => (a.partId < b.partId ? -1 : 1))) {
    const { partId, skuId } = line;
    const whole = chosen.find((candidate) => freeOf(candidate, line) >= line.quantity);
    let open = line.quantity;
    for (const candidate of whole === undefined ? chosen : [whole]) {
      const quantity = Math.min(open, freeOf(candidate, line));
      if (quantity === 0) continue;
      open -= quantity;
      candidate.free.set(line.skuId, freeOf(candidate, line) - quantity);
      assignments.push({ partId, skuId, quantity, warehouseId: candidate.warehouseId });
    }
    if (open > 0) short.push({ partId, skuId, quantity: open });
  }
  return { assignments, short };
}

function freeOf(candidate: Candidate, line: DemandLine): number {
  return candidate.free.get(line.skuId) ?? 0;
}
