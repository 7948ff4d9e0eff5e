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

export function shopOfInboundLane(lane: string): ShopId {
  return lane.slice(lanes.inbound.length + 1) as ShopId;
}
