import { outboundSlots } from '../../../config/defaults.ts';
import {
  findDueCursors,
  getShop,
  isCallable,
  openShop,
  readHealth,
  renewingAccess,
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
 * One pass over a shop, in the order of DESIGN §3: cancels first, for they stop parcels; tracking; numbers that fall, which
 * need no reading before; new orders; the other numbers; then what may wait. So a channel that allows few calls is not asked
 * for page after page of orders while buyers see stock that is gone (CASES 22). Every step is bounded and every pass runs all
 * of them, so none starves.
 */
const stepsOf = (publicOrigin: string | null): readonly LaneStep[] => [
  renewingAccess(registerWebhooks(publicOrigin)),
  sendRequests,
  announceShipments,
  pushStock(null),
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
const readingSteps: readonly LaneStep[] = [renewingAccess(readOrdersAgain), pollOrders, pollListings, sweepOrders];

/** `outbound:<shop>`: every call to that shop, one after another. */
export function shopLanes(deps: ShopDeps, publicOrigin: string | null): LaneKind {
  const steps = stepsOf(publicOrigin);
  return {
    kind: 'outbound',
    slots: outboundSlots,
    runsWhilePaused: isReading,
    async due(db, now, name) {
      const only = name === undefined ? null : shopOf(name);
      const shopIds = new Set<ShopId>(await findShopsWithDueWrites(db, now, only));
      for (const shopId of await findShopsWithDueReads(db, now, only)) shopIds.add(shopId);
      for (const { shopId } of await findDueCursors(db, now, only)) shopIds.add(shopId);
      return [...shopIds].map(shopLane);
    },
    async drain(name, lease) {
      const shopId = shopOf(name);
      let didWork = false;
      const open = reopening(deps, shopId, lease);
      for (const step of lease.isWhilePaused === true ? readingSteps : steps) {
        const session = await open();
        if (session === null) return 'empty';
        const result = await step(deps, session, lease, lease.signal);
        didWork ||= result.didWork;
      }
      return didWork ? 'more' : 'empty';
    },
  };
}

const openedForMsMax = 500;

function shopOf(lane: string): ShopId {
  return lane.slice('outbound:'.length) as ShopId;
}

/**
 * For each step, and anew where the one before has called the channel: a pause, a removal or an open breaker takes effect
 * at once. Steps without a call take no time, and a pass with nothing to do opens its shop once.
 */
function reopening(deps: ShopDeps, shopId: ShopId, lease: Lease): () => Promise<ShopSession | null> {
  let opened: { readonly session: ShopSession; readonly untilMs: number } | null = null;
  return async () => {
    if (opened !== null && deps.clock.now().getTime() < opened.untilMs) return opened.session;
    const session = await openCallable(deps, shopId, lease);
    if (session === null) return null;
    const calling: ShopSession = {
      ...session,
      io(signal, now) {
        opened = null;
        return session.io(signal, now);
      },
    };
    opened = { session: calling, untilMs: deps.clock.now().getTime() + openedForMsMax };
    return calling;
  };
}

/** By Postgres's clock. */
async function openCallable(deps: ShopDeps, shopId: ShopId, lease: Lease): Promise<ShopSession | null> {
  return deps.database.transact({ actor: { kind: 'system', id: lease.lane } }, async (ctx) => {
    await lease.guard(ctx);
    const shop = await getShop(ctx.tx, shopId);
    const isOpen = isCallable(shop, await readHealth(ctx.tx, shopId), ctx.now);
    return isOpen ? openShop(ctx.tx, deps, shopId) : null;
  });
}
