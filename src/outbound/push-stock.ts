import type { LaneStep, ShopDeps, ShopSession } from '../channels/index.ts';
import {
  findListingsToTell,
  listLocations,
  recordPushFailures,
  recordShopFault,
  recordShopSuccess,
  recordTold,
} from '../channels/index.ts';
import { ChannelFault, type StockCapability } from '../connector-kit/index.ts';
import { onBehalf, readClock, type Ctx } from '../platform/db/index.ts';
import { closeExceptions, openExceptions } from '../platform/exceptions/index.ts';
import type { Lease } from '../platform/queue/index.ts';
import { backOffMs, callOutcome } from './call-outcome.ts';
import { outcomeSettleMsDefault, systemActor } from './lane.ts';
import { stockNumbers, type StockNumber } from './stock-numbers.ts';

/** Reads new orders of a shop and takes them in; true when none is left on the way. */
export type OrdersReader = (
  deps: ShopDeps,
  session: ShopSession,
  lease: Lease,
  signal: AbortSignal,
) => Promise<boolean>;

/**
 * Tells the next batch of listings their latest number. Before a number that rises, `readNewOrders` takes in what the
 * channel has sold meanwhile, and the numbers are worked out again; where that could not be done, only numbers that fall
 * are told. A number equal to the told one is sent all the same: the channel may have lost it. After a time-out nothing is
 * recorded as told, so the number of that time goes out again.
 */
export function pushStock(readNewOrders: OrdersReader): LaneStep {
  return async (deps, session, lease, signal) => {
    const { stock } = session.connector;
    if (stock === undefined || !session.shop.pushesStock) return { didWork: false };
    let numbers = await readNumbers(deps, session, stock);
    if (numbers.length === 0) return { didWork: false };
    if (await hasUnmappedLocation(deps, session)) return { didWork: false };
    if (numbers.some(rises)) {
      const isTakenIn = await readNewOrders(deps, session, lease, signal);
      const fresh = await readNumbers(deps, session, stock);
      numbers = isTakenIn ? fresh : fresh.filter((number) => !rises(number));
      if (numbers.length === 0) return { didWork: isTakenIn };
    }
    await send(deps, session, lease, signal, stock, numbers);
    return { didWork: true };
  };
}

function rises({ listing, saleable }: StockNumber): boolean {
  return listing.toldQuantity === null || saleable > listing.toldQuantity;
}

async function readNumbers(
  deps: ShopDeps,
  session: ShopSession,
  stock: StockCapability<unknown>,
): Promise<StockNumber[]> {
  const now = await readClock(deps.database);
  return deps.database.snapshot(async (db) => {
    const listings = await findListingsToTell(db, session.shop.shopId, stock.pushBatchMax, now);
    return listings.length === 0 ? [] : stockNumbers(db, session, listings);
  });
}

/** A location without a warehouse would keep a number nobody here knows: pushing stops until someone says what it is. */
async function hasUnmappedLocation(deps: ShopDeps, session: ShopSession): Promise<boolean> {
  const locations = await deps.database.read((db) => listLocations(db, session.shop.shopId));
  const unmapped = locations.filter((location) => location.warehouseId === null);
  if (unmapped.length === 0) return false;
  await deps.database.transact({ actor: systemActor }, (ctx) =>
    openExceptions(ctx, [
      {
        ...unmappedLocation(session),
        shopId: session.shop.shopId,
        cause: {
          code: 'shop.location_unmapped',
          locations: unmapped.map(({ externalId, name }) => ({ externalId, name })),
        },
        nextStep: 'Say which warehouse each location of this shop is: wharf shop locations.',
      },
    ]),
  );
  return true;
}

function unmappedLocation(session: ShopSession): { kind: string; subjectKind: string; subjectId: string } {
  return { kind: 'shop.location_unmapped', subjectKind: 'shop', subjectId: session.shop.shopId };
}

async function send(
  deps: ShopDeps,
  session: ShopSession,
  lease: Lease,
  signal: AbortSignal,
  stock: StockCapability<unknown>,
  numbers: readonly StockNumber[],
): Promise<void> {
  await lease.stillHeld();
  try {
    const results = await stock.pushStock(
      session.io(signal, deps.clock.now()),
      numbers.map((each) => each.push),
    );
    const failed = new Map(
      results.flatMap((result) => (result.outcome === 'failed' ? [[result.listingExternalId, result]] : [])),
    );
    const told = new Set(results.flatMap((result) => (result.outcome === 'told' ? [result.listingExternalId] : [])));
    await deps.database.transact({ actor: systemActor }, async (ctx) => {
      await lease.guard(ctx);
      const inner = onBehalf(ctx, 'push_stock');
      await recordTold(inner, numbers.filter(({ listing }) => told.has(listing.externalId)).map(toTold));
      await recordFailures(inner, session, numbers, (listing) => {
        if (told.has(listing.externalId)) return null;
        const { code, detail } = failed.get(listing.externalId) ?? unanswered;
        return { code, detail };
      });
      await recordShopSuccess(inner, session.shop.shopId, 'stock');
      await closeExceptions(ctx, [unmappedLocation(session)]);
    });
  } catch (error) {
    if (signal.aborted || !(error instanceof ChannelFault)) throw error;
    const outcome = callOutcome(error, 1, outcomeSettleMsDefault);
    await deps.database.transact({ actor: systemActor }, async (ctx) => {
      await lease.guard(ctx);
      const inner = onBehalf(ctx, 'push_stock');
      await recordFailures(inner, session, numbers, () => outcome.cause);
      await recordShopFault(inner, session.shop.shopId, error);
    });
  }
}

/** A listing that the answer left out is not told, and is not asked about without a pause. */
const unanswered = { code: 'stock.unanswered', detail: 'the channel did not say what became of this number' };

function toTold({ listing, saleable }: StockNumber): {
  listingId: typeof listing.listingId;
  version: number;
  quantity: number;
} {
  return { listingId: listing.listingId, version: listing.wantedVersion, quantity: saleable };
}

async function recordFailures(
  ctx: Ctx,
  session: ShopSession,
  numbers: readonly StockNumber[],
  causeOf: (listing: StockNumber['listing']) => { code: string; detail: string } | null,
): Promise<void> {
  const failures = numbers.flatMap(({ listing }) => {
    const cause = causeOf(listing);
    const dueAt = new Date(ctx.now.getTime() + backOffMs(listing.pushFailures + 1));
    return cause === null ? [] : [{ listingId: listing.listingId, cause, dueAt }];
  });
  if (failures.length === 0) return;
  await recordPushFailures(ctx, failures);
  ctx.log.warn(
    { shopId: session.shop.shopId, count: failures.length, code: failures[0]?.cause.code },
    'stock push failed',
  );
}
