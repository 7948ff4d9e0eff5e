import { inboundSlots } from '../../../config/defaults.ts';
import type { ShopDeps } from '../../channels/index.ts';
import { allocate } from '../../fulfilment/index.ts';
import { drainInbox, findShopsWithPending } from '../../inbound/index.ts';
import { hasWaitingMappedLines, mapWaitingLines } from '../../orders/index.ts';
import { onBehalf, type Ctx } from '../../platform/db/index.ts';
import type { LaneKind, Lease } from '../../platform/queue/index.ts';
import { hasDueDemand } from '../../stock/index.ts';
import { isReading } from '../recovery/is-reading.ts';
import { inboundLaneOf, lanes, shopOfInboundLane } from './names.ts';

const linesPerPassMax = 500;
const demandPerPassMax = 1_000;

/** Raw documents into orders, a lane a shop: what stops the intake of one stops no other's. */
export function inboundLane(deps: ShopDeps): LaneKind {
  return {
    kind: lanes.inbound,
    slots: inboundSlots,
    runsWhilePaused: isReading,
    async due(db, now, name) {
      const only = name === undefined ? null : shopOfInboundLane(name);
      return (await findShopsWithPending(db, now, only)).map(inboundLaneOf);
    },
    async drain(name) {
      const { claimed } = await drainInbox(deps, [shopOfInboundLane(name)]);
      return claimed > 0 ? 'more' : 'empty';
    },
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
