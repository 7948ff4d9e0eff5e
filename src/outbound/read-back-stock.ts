import { pushStepMsMax, readBackCallsPerStepMax } from '../../config/defaults.ts';
import {
  missingListing,
  recordMissingListings,
  recordPushFailures,
  recordSeenStock,
  recordShopFault,
  recordShopSuccess,
  type LaneStep,
  type ShopDeps,
  type ShopSession,
} from '../channels/index.ts';
import { ChannelFault, type ChannelStock, type ConnectorIo } from '../connector-kit/index.ts';
import { onBehalf, readClock, type Ctx } from '../platform/db/index.ts';
import { closeExceptions } from '../platform/exceptions/index.ts';
import type { Lease } from '../platform/queue/index.ts';
import { systemActor } from './lane.ts';
import { findListingsToReadBack, type ListingToReadBack } from './queries.ts';

/** Numbers older than this are read again, so that a change made by hand on the channel is found (CASES 25). */
const seenAgeMsMax = 10 * 60_000;

/** A channel that goes on showing another number is told again at this pace, not in a tight loop. */
const driftRetryMs = 5_000;

const readBatchMaxDefault = 50;

type ReadStock = (io: ConnectorIo<unknown>, externalIds: readonly string[]) => Promise<readonly ChannelStock[]>;

/**
 * Reads back what the channel shows for listings that were told, and for the longest unseen: a few calls while there are enough
 * for full ones. Drift is told again.
 */
export const readBackStock: LaneStep = async (deps, session, lease, signal) => {
  const { stock } = session.connector;
  if (stock?.readStock === undefined || !session.shop.pushesStock) return { didWork: false };
  const readStock = stock.readStock.bind(stock);
  const batchMax = stock.readBatchMax ?? readBatchMaxDefault;
  const refreshBefore = new Date((await readClock(deps.database)).getTime() - seenAgeMsMax);
  const endsAtMs = deps.clock.now().getTime() + pushStepMsMax;
  let didWork = false;
  for (let calls = 0; calls < readBackCallsPerStepMax; calls += 1) {
    const due = await deps.database.read((db) =>
      findListingsToReadBack(db, session.shop.shopId, refreshBefore, batchMax),
    );
    if (due.length === 0 || !(await readBack(deps, session, lease, signal, readStock, due))) break;
    didWork = true;
    if (due.length < batchMax || deps.clock.now().getTime() >= endsAtMs) break;
  }
  return { didWork };
};

/** False: the channel failed, which is written to the shop's health. */
async function readBack(
  deps: ShopDeps,
  session: ShopSession,
  lease: Lease,
  signal: AbortSignal,
  readStock: ReadStock,
  due: readonly ListingToReadBack[],
): Promise<boolean> {
  try {
    const seen = await readStock(
      session.io(signal, deps.clock.now()),
      due.map((listing) => listing.externalId),
    );
    await deps.database.transact({ actor: systemActor }, async (ctx) => {
      await lease.guard(ctx);
      await recordReadBack(onBehalf(ctx, 'read_back_stock'), session, due, seen);
    });
    return true;
  } catch (error) {
    if (signal.aborted || !(error instanceof ChannelFault)) throw error;
    await deps.database.transact({ actor: systemActor }, async (ctx) => {
      await lease.guard(ctx);
      await recordShopFault(onBehalf(ctx, 'read_back_stock'), session.shop.shopId, error);
    });
    return false;
  }
}

async function recordReadBack(
  ctx: Ctx,
  session: ShopSession,
  asked: readonly ListingToReadBack[],
  seen: readonly ChannelStock[],
): Promise<void> {
  const { shopId } = session.shop;
  const shown = new Set(seen.map((stock) => stock.listingExternalId));
  const drifted = await recordSeenStock(ctx, shopId, seen);
  const dueAt = new Date(ctx.now.getTime() + driftRetryMs);
  const cause = { code: 'stock.drift', detail: 'the channel showed another number than it was told' };
  await recordPushFailures(
    ctx,
    drifted.map((listingId) => ({ listingId, cause, dueAt })),
  );
  const idsOf = (isShown: boolean) =>
    asked.filter((each) => shown.has(each.externalId) === isShown).map(({ id }) => id);
  await recordMissingListings(ctx, shopId, idsOf(false));
  await closeExceptions(ctx, idsOf(true).map(missingListing));
  await recordShopSuccess(ctx, shopId, 'call');
}
