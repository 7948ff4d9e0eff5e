import type { ShopId } from '../kernel/index.ts';

/** The lane in which every call to a shop is made, one after the other. */
export function shopLane(shopId: ShopId): string {
  return `outbound:${shopId}`;
}
