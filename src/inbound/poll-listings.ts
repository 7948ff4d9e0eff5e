import { listingsPollIntervalMs } from '../../config/defaults.ts';
import { storeListings, storeLocations, type LaneStep } from '../channels/index.ts';
import type { ChannelListing } from '../connector-kit/index.ts';
import { onBehalf } from '../platform/db/index.ts';
import { callChannel } from './call-channel.ts';
import { beginPoll, pollStream } from './poll-stream.ts';
import { inboundActor } from './actor.ts';

/** Reads what the shop sells and where it counts stock. */
export const pollListings: LaneStep = async (deps, session, lease, signal) => {
  const { listings, stock } = session.connector;
  const pullListings = listings?.pullListings?.bind(listings);
  const begun = await beginPoll(deps, session, 'listings');
  if (begun === null || pullListings === undefined) return { didWork: false };
  const listLocations = stock?.listLocations;
  if (listLocations !== undefined && (begun.cursor?.state ?? null) === null) {
    const answer = await callChannel(deps, session, lease, signal, (io) => listLocations(io));
    if (!answer.ok) return { didWork: false };
    await deps.database.transact({ actor: inboundActor }, async (ctx) => {
      await lease.guard(ctx);
      await storeLocations(onBehalf(ctx, 'poll_listings'), session.shop.shopId, answer.value);
    });
  }
  return pollStream<ChannelListing>(deps, session, lease, signal, {
    stream: 'listings',
    intervalMs: listingsPollIntervalMs,
    evenIfNotDue: false,
    pull: (io, state) => pullListings(io, state),
    store: (ctx, items) => storeListings(ctx, session.shop.shopId, items),
  });
};
