import type { ShopId } from '../../kernel/index.ts';

/** Kinds of lanes, most of them one lane. Those of a shop are `inbound:<shop>` and `outbound:<shop>` (channels/lane.ts). */
export const lanes = {
  inbound: 'inbound',
  mapping: 'mapping',
  allocation: 'allocation',
} as const;

export function inboundLaneOf(shopId: ShopId): string {
  return `${lanes.inbound}:${shopId}`;
}

/** Null for the kind's own name, which stands for every shop in turn. */
export function shopOfInboundLane(lane: string): ShopId | null {
  return lane === lanes.inbound ? null : (lane.slice(lanes.inbound.length + 1) as ShopId);
}
