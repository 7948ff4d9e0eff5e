import {
  findDueCursors,
  isCallable,
  openShop,
  readHealth,
  shopLane,
  type LaneStep,
  type ShopDeps,
  type ShopSession,
} from '../../channels/index.ts';
import {
  askOpenOrders,
  drainInbox,
  findShopsWithDueReads,
  pollListings,
  pollOrders,
  readOrdersAgain,
  registerWebhooks,
  sweepOrders,
} from '../../inbound/index.ts';
import type { ShopId } from '../../kernel/index.ts';
import {
  announceShipments,
  findShopsWithDueWrites,
  pushStock,
  readBackStock,
  seenAgeMsMax,
  sendRequests,
  settleCancels,
} from '../../outbound/index.ts';
import type { LaneKind } from '../../platform/queue/index.ts';

/** Reads new orders and takes them in, before a number rises (DESIGN §1.7). */
const readNewOrders: LaneStep = async (deps, session, lease, signal) => {
  const read = await pollOrders(deps, session, lease, signal, { evenIfNotDue: true });
  await drainInbox(deps, [session.shop.shopId]);
  return read;
};

/**
 * One pass over a shop, in the order of DESIGN §3: cancels first, for they stop parcels; tracking; new orders; stock; then
 * what may wait. Every step is bounded and every pass runs all of them, so none starves.
 */
const stepsOf = (publicOrigin: string | null): readonly LaneStep[] => [
  registerWebhooks(publicOrigin),
  sendRequests,
  announceShipments,
  readOrdersAgain,
  pollOrders,
  settleCancels,
  pushStock(readNewOrders),
  readBackStock,
  pollListings,
  askOpenOrders,
  sweepOrders,
];

/** `outbound:<shop>`: every call to that shop, one after another. */
export function shopLanes(deps: ShopDeps, publicOrigin: string | null): LaneKind {
  const steps = stepsOf(publicOrigin);
  return {
    kind: 'outbound',
    async due(db, now) {
      const seenBefore = new Date(now.getTime() - seenAgeMsMax);
      const shopIds = new Set<ShopId>(await findShopsWithDueWrites(db, now, seenBefore));
      for (const shopId of await findShopsWithDueReads(db, now)) shopIds.add(shopId);
      for (const { shopId } of await findDueCursors(db, now)) shopIds.add(shopId);
      return [...shopIds].map(shopLane);
    },
    async drain(name, lease) {
      const shopId = name.slice('outbound:'.length) as ShopId;
      let didWork = false;
      for (const step of steps) {
        const session = await openCallable(deps, shopId);
        if (session === null) return 'empty';
        const result = await step(deps, session, lease, lease.signal);
        didWork ||= result.didWork;
      }
      return didWork ? 'more' : 'empty';
    },
  };
}

/** Opened for each step: a pause, a removal or an open breaker takes effect at once. */
async function openCallable(deps: ShopDeps, shopId: ShopId): Promise<ShopSession | null> {
  return deps.database.read(async (db) => {
    const session = await openShop(db, deps, shopId);
    const health = await readHealth(db, shopId);
    return isCallable(session.shop, health, deps.clock.now()) ? session : null;
  });
}
