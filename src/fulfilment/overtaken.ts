import { groupBy, type OrderId, type SkuId } from '../kernel/index.ts';
import { compareDemand, type DemandRank } from '../stock/index.ts';

type Wanted = DemandRank & { readonly skuId: SkuId };

/**
 * Leaves out of a locked batch the orders that must wait for somebody more urgent, who came to want the same SKU while the
 * locks were being taken; and whoever comes after those for any of theirs. `due` is what is due now. Most urgent first.
 */
export function leaveOutOvertaken<Demand extends Wanted>(batch: readonly Demand[], due: readonly Wanted[]): Demand[] {
  const orders = groupBy(batch, (demand) => demand.orderId);
  const newcomers = due.filter((demand) => !orders.has(demand.orderId));
  if (newcomers.length === 0) return [...batch];
  const contested = new Set<SkuId>();
  const kept = new Set<OrderId>();
  const queue = [...newcomers, ...[...orders.values()].flatMap((lines) => lines.slice(0, 1))].sort(compareDemand);
  for (const { orderId, skuId } of queue) {
    const skuIds = orders.get(orderId)?.map((line) => line.skuId) ?? [skuId];
    const isFirst = orders.has(orderId) && !skuIds.some((one) => contested.has(one));
    if (isFirst) kept.add(orderId);
    else for (const one of skuIds) contested.add(one);
  }
  return batch.filter((demand) => kept.has(demand.orderId));
}
