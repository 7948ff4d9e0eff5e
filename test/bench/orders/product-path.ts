import { pollOrders } from '../../../src/inbound/index.ts';
import type { RawDocument } from '../../../src/connector-kit/index.ts';
import type { Hub } from '../../../src/main/hub.ts';
import { allocationLane, inboundLane } from '../../../src/main/lanes/deployment-lanes.ts';
import { inboundLaneOf, lanes } from '../../../src/main/lanes/names.ts';
import type { LaneKind, Lease } from '../../../src/platform/queue/index.ts';
import { openSession, type BenchShop, type PaperSandbox } from './bench-shop.ts';

/** A lease that nobody contests. */
const lease: Lease = {
  lane: 'bench',
  token: 'bench',
  signal: new AbortController().signal,
  stillHeld: () => Promise.resolve(),
  guard: () => Promise.resolve(),
};

/**
 * What a worker does with what a channel has: the poll stores pages and moves its cursor, the inbound lane turns them into
 * orders, the allocation lane into reservations and shipments; each lane until a pass finds nothing.
 */
export async function takeThrough(
  hub: Hub,
  shop: BenchShop,
  paper: PaperSandbox,
  documents: readonly RawDocument[],
): Promise<void> {
  const session = await openSession(hub, shop.shopId);
  paper.waiting.push(...documents);
  while (paper.waiting.length > 0) {
    await pollOrders(hub.deps, session, lease, lease.signal, { evenIfNotDue: true });
  }
  await drain(inboundLane(hub.deps), inboundLaneOf(shop.shopId));
  await drain(allocationLane(hub.deps), lanes.allocation);
}

async function drain(kind: LaneKind, lane: string): Promise<void> {
  while ((await kind.drain(lane, lease)) === 'more');
}
