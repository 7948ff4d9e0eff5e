import {
  findDueCursors,
  getShop,
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
  sendRequests,
  settleCancels,
} from '../../outbound/index.ts';
import type { LaneKind, Lease } from '../../platform/queue/index.ts';
import { isReading } from '../recovery/is-reading.ts';
import { readNewOrders } from './read-new-orders.ts';

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

/** While a restore waits to be confirmed: what happened since is read, and nothing is told. */
const readingSteps: readonly LaneStep[] = [readOrdersAgain, pollOrders, pollListings, sweepOrders];

/** `outbound:<shop>`: every call to that shop, one after another. */
export function shopLanes(deps: ShopDeps, publicOrigin: string | null): LaneKind {
  const steps = stepsOf(publicOrigin);
  return {
    kind: 'outbound',
    runsWhilePaused: isReading,
    async due(db, now) {
      const shopIds = new Set<ShopId>(await findShopsWithDueWrites(db, now));
      for (const shopId of await findShopsWithDueReads(db, now)) shopIds.add(shopId);
      for (const { shopId } of await findDueCursors(db, now)) shopIds.add(shopId);
      return [...shopIds].map(shopLane);
    },
    async drain(name, lease) {
      const shopId = name.slice('outbound:'.length) as ShopId;
      let didWork = false;
      for (const step of lease.isWhilePaused === true ? readingSteps : steps) {
        const session = await openCallable(deps, shopId, lease);
        if (session === null) return 'empty';
        const result = await step(deps, session, lease, lease.signal);
        didWork ||= result.didWork;
      }
      return didWork ? 'more' : 'empty';
    },
  };
}

/** Opened for each step, by Postgres's clock: a pause, a removal or an open breaker takes effect at once. */
async function openCallable(deps: ShopDeps, shopId: ShopId, lease: Lease): Promise<ShopSession | null> {
  return deps.database.transact({ actor: { kind: 'system', id: lease.lane } }, async (ctx) => {
    await lease.guard(ctx);
    const shop = await getShop(ctx.tx, shopId);
    const isOpen = isCallable(shop, await readHealth(ctx.tx, shopId), ctx.now);
    return isOpen ? openShop(ctx.tx, deps, shopId) : null;
  });
}
