import { compareDemand } from '../../stock/index.ts';
import { candidatesFor, freeUnits, rankWarehouses, wantedUnits } from './candidates.ts';
import { chooseWarehouses } from './choose-warehouses.ts';
import { dealLines } from './deal-lines.ts';
import { explain } from './explain.ts';
import type { AllocationPolicy } from './policy.ts';

/**
 * The first policy. Orders are served by rank. For each, the fewest parcels that hold as much as there is: one warehouse that has all wins
 * over a better ranked one that has a part. An order that cannot be served whole gets what there is, and the rest waits as
 * demand: units on a shelf help nobody, and the second parcel goes as soon as goods come in.
 */
export const fewestParcels: AllocationPolicy = (demand, levels, warehouses) => {
  const free = freeUnits(levels);
  const ranked = rankWarehouses(warehouses);
  return {
    orders: [...demand].sort(compareDemand).map((group) => {
      const wanted = wantedUnits(group);
      const candidates = candidatesFor(group, ranked.get(group.shopId) ?? [], free);
      const chosen = chooseWarehouses(wanted, candidates);
      const reasons = explain(wanted, candidates, chosen);
      return { orderId: group.orderId, ...dealLines(group.lines, chosen), reasons };
    }),
  };
};
