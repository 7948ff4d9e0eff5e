import type { ShopDeps } from '../../channels/index.ts';
import { allocate } from '../../fulfilment/index.ts';
import { drainInbox, findShopsWithPending } from '../../inbound/index.ts';
import { hasWaitingMappedLines, mapWaitingLines } from '../../orders/index.ts';
import { onBehalf, type Ctx } from '../../platform/db/index.ts';
import type { LaneKind, Lease } from '../../platform/queue/index.ts';
import { hasDueDemand } from '../../stock/index.ts';
import { isReading } from '../recovery/is-reading.ts';
import { lanes } from './names.ts';

const linesPerPassMax = 500;
const demandPerPassMax = 500;

/** Raw documents into orders. */
export function inboundLane(deps: ShopDeps): LaneKind {
  return {
    kind: lanes.inbound,
    runsWhilePaused: isReading,
    due: async (db, now) => ((await findShopsWithPending(db, now)).length > 0 ? [lanes.inbound] : []),
    drain: async () => ((await drainInbox(deps)).claimed > 0 ? 'more' : 'empty'),
  };
}

/** Lines that waited for a listing, once it is mapped. */
export function mappingLane(deps: ShopDeps): LaneKind {
  return {
    kind: lanes.mapping,
    runsWhilePaused: isReading,
    due: async (db) => ((await hasWaitingMappedLines(db)) ? [lanes.mapping] : []),
    drain: (_name, lease) =>
      inTransaction(deps, lease, async (ctx) => (await mapWaitingLines(ctx, linesPerPassMax)) > 0),
  };
}

/** Demand into reservations and shipments. */
export function allocationLane(deps: ShopDeps): LaneKind {
  return {
    kind: lanes.allocation,
    due: async (db) => ((await hasDueDemand(db)) ? [lanes.allocation] : []),
    drain: (_name, lease) => inTransaction(deps, lease, async (ctx) => (await allocate(ctx, demandPerPassMax)).more),
  };
}

async function inTransaction(
  deps: ShopDeps,
  lease: Lease,
  work: (ctx: Ctx) => Promise<boolean>,
): Promise<'more' | 'empty'> {
  const more = await deps.database.transact({ actor: { kind: 'system', id: lease.lane } }, async (ctx) => {
    await lease.guard(ctx);
    return work(onBehalf(ctx, lease.lane));
  });
  return more ? 'more' : 'empty';
}
