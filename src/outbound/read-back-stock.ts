import { recordSeenStock, recordShopFault } from '../channels/index.ts';
import { ChannelFault } from '../connector-kit/index.ts';
import { onBehalf } from '../platform/db/index.ts';
import { systemActor, type LaneStep } from './lane.ts';
import { findListingsToReadBack } from './queries.ts';

/** Numbers older than this are read again, so that a change made by hand on the channel is found (CASES 25). */
export const seenAgeMsMax = 10 * 60_000;

/** Reads back what the channel shows for listings that were told, and for the longest unseen. Drift is told again. */
export const readBackStock: LaneStep = async (deps, session, lease, signal) => {
  const { stock } = session.connector;
  if (stock === undefined || !session.shop.pushesStock) return { didWork: false };
  const refreshBefore = new Date(deps.clock.now().getTime() - seenAgeMsMax);
  const due = await deps.database.read((db) =>
    findListingsToReadBack(db, session.shop.id, refreshBefore, stock.readBatchMax),
  );
  if (due.length === 0) return { didWork: false };
  const io = session.io(signal, deps.clock.now());
  try {
    const seen = await stock.readStock(io, due.map((listing) => listing.externalId));
    await deps.database.transact({ actor: systemActor }, async (ctx) => {
      await lease.guard(ctx);
      await recordSeenStock(
        onBehalf(ctx, 'read_back_stock'),
        session.shop.id,
        seen.map(({ listingExternalId, saleable }) => ({ listingExternalId, saleable })),
      );
    });
    return { didWork: seen.length > 0 };
  } catch (error) {
    if (signal.aborted || !(error instanceof ChannelFault)) throw error;
    await deps.database.transact({ actor: systemActor }, async (ctx) => {
      await lease.guard(ctx);
      await recordShopFault(onBehalf(ctx, 'read_back_stock'), session.shop.id, error);
    });
    return { didWork: false };
  }
};
