import { pushCallsPerStepMax, pushStepMsMax } from '../../config/defaults.ts';
import type { LaneStep, ListingToTell, ShopDeps, ShopSession, StepResult } from '../channels/index.ts';
import {
  findListingsToTell,
  listLocations,
  recordPushFailures,
  recordSeenStock,
  recordShopFault,
  recordShopSuccess,
  recordTold,
} from '../channels/index.ts';
import { ChannelFault, type ToldStockCapability } from '../connector-kit/index.ts';
import type { Clock, ListingId } from '../kernel/index.ts';
import { onBehalf, readClock, type Ctx } from '../platform/db/index.ts';
import { closeExceptions, openExceptions, type ExceptionInput } from '../platform/exceptions/index.ts';
import type { Lease } from '../platform/queue/index.ts';
import { backOffMs, callOutcome } from './call-outcome.ts';
import { mayRise, openComparison } from './compare-stock.ts';
import { isUsedUp, openDeliveryLog, retryDelayMs, type DeliveryLog } from './deliveries/index.ts';
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
 * Tells the next listings their latest number, batch by batch while batches are full, up to a bound of calls and of time:
 * the steps after it have their turn. Before a number that does not fall, `readNewOrders` takes in what the channel has sold
 * meanwhile, once a step, and the numbers are worked out again; where that could not be done (or nobody is to read: null),
 * only numbers that fall are told. Where the channel can compare, one that does not fall goes on condition that nothing was
 * sold since. A number equal to the told one is sent all the same: the channel may have lost it. After a time-out nothing is
 * recorded as told, so the number of that time goes out again.
 */
export function pushStock(readNewOrders: OrdersReader | null): LaneStep {
  return async (deps, session, lease, signal) => {
    const { stock } = session.connector;
    if (stock === undefined || !session.shop.pushesStock) return { didWork: false };
    const numbers = await readNumbers(deps, session, stock);
    if (numbers.length === 0 || (await hasUnmappedLocation(deps, session))) return { didWork: false };
    const comparison = openComparison(deps, session, lease, signal, stock);
    return tellWhileFull(deps.clock, numbers, {
      batchMax: stock.pushBatchMax,
      read: () => readNumbers(deps, session, stock),
      async takeInOrders() {
        if (readNewOrders === null) return false;
        // Of every number of this step: the orders are read once, after them.
        const all = stock.readStockVersions && (await readNumbers(deps, session, stock, pushCallsPerStepMax));
        return (await comparison.readVersions(all ?? [])) && readNewOrders(deps, session, lease, signal);
      },
      withConditions: (batch) => comparison.withConditions(batch),
      async falling(batch) {
        const falling = batch.filter((number) => !mayRise(number));
        const mayBeBehind = readNewOrders !== null && batch.length >= stock.pushBatchMax;
        return falling.length === 0 && mayBeBehind ? readFalling(deps, session, stock) : falling;
      },
      send: (batch) => send(deps, session, lease, signal, stock, batch),
    });
  };
}

/** A sale was quicker than the number, which is worked out anew: a listing that sells all the time must not wait longer. */
const conflictRetryMs = 1_000;

type Telling = {
  readonly batchMax: number;
  read(): Promise<readonly StockNumber[]>;
  takeInOrders(): Promise<boolean>;
  withConditions(batch: readonly StockNumber[]): readonly StockNumber[];
  /** Where no orders were read: those that may be told all the same. */
  falling(batch: readonly StockNumber[]): Promise<readonly StockNumber[]>;
  /** False where the channel failed. */
  send(batch: readonly StockNumber[]): Promise<boolean>;
};

async function tellWhileFull(
  clock: Clock,
  first: readonly StockNumber[],
  { batchMax, read, takeInOrders, withConditions, falling, send: tell }: Telling,
): Promise<StepResult> {
  const endsAtMs = clock.now().getTime() + pushStepMsMax;
  let numbers = first;
  let isTakenIn: boolean | null = null;
  for (let told = 0; ;) {
    if (isTakenIn === null && numbers.some(mayRise)) {
      isTakenIn = await takeInOrders();
      numbers = await read();
    }
    numbers = isTakenIn === true ? withConditions(numbers) : await falling(numbers);
    if (numbers.length === 0) return { didWork: told > 0 || isTakenIn === true };
    const mayBeMore = (await tell(numbers)) && numbers.length >= batchMax;
    told += 1;
    if (!mayBeMore || told >= pushCallsPerStepMax || clock.now().getTime() >= endsAtMs) return { didWork: true };
    numbers = await read();
  }
}

async function readNumbers(
  deps: ShopDeps,
  session: ShopSession,
  stock: ToldStockCapability<unknown>,
  batches = 1,
  after: ListingId | null = null,
): Promise<StockNumber[]> {
  const now = await readClock(deps.database);
  return deps.database.snapshot(async (db) => {
    const listings = await findListingsToTell(db, session.shop.shopId, batches * stock.pushBatchMax, now, after);
    return listings.length === 0 ? [] : stockNumbers(db, session, goingTogether(session, listings));
  });
}

/** The first numbers that fall, at most a batch, however many others lie before them: those must not keep them from buyers. */
async function readFalling(
  deps: ShopDeps,
  session: ShopSession,
  stock: ToldStockCapability<unknown>,
): Promise<readonly StockNumber[]> {
  let after: ListingId | null = null;
  for (;;) {
    const numbers: readonly StockNumber[] = await readNumbers(deps, session, stock, pushCallsPerStepMax, after);
    after = numbers.at(-1)?.listing.listingId ?? null;
    const falling = numbers.filter((number) => !mayRise(number));
    if (falling.length > 0 || after === null) return falling.slice(0, stock.pushBatchMax);
  }
}

/** One message is taken or refused as a whole: the listings of a spoilt one go alone, at once, so that one spoils no other. */
function goingTogether({ connector }: ShopSession, listings: readonly ListingToTell[]): readonly ListingToTell[] {
  if (connector.deliveries === undefined) return listings;
  const unspoilt = listings.filter((listing) => listing.pushFailures === 0);
  return unspoilt.length > 0 ? unspoilt : listings.slice(0, 1);
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

/** True: the channel answered, and what it said of each number is written down. */
async function send(
  deps: ShopDeps,
  session: ShopSession,
  lease: Lease,
  signal: AbortSignal,
  stock: ToldStockCapability<unknown>,
  numbers: readonly StockNumber[],
): Promise<boolean> {
  await lease.stillHeld();
  const log = openDeliveryLog(session.io(signal, deps.clock.now()));
  try {
    const results = await stock.pushStock(
      log.io,
      numbers.map((each) => each.push),
    );
    const failed = new Map(
      results.flatMap((result) => (result.outcome === 'failed' ? [[result.listingExternalId, result]] : [])),
    );
    const told = new Set(results.flatMap((result) => (result.outcome === 'told' ? [result.listingExternalId] : [])));
    const written = await deps.database.transact({ actor: systemActor }, async (ctx) => {
      await lease.guard(ctx);
      const inner = onBehalf(ctx, 'push_stock');
      const acknowledged = numbers.filter(({ listing }) => told.has(listing.externalId));
      const recorded = await recordTold(inner, acknowledged.map(toTold));
      if (stock.readStock === undefined) await recordSeenStock(inner, session.shop.shopId, acknowledged.map(toSeen));
      await recordFailures(inner, session, numbers, (listing) => {
        if (told.has(listing.externalId)) return null;
        const { code, detail } = failed.get(listing.externalId) ?? unanswered;
        return { code, detail };
      });
      await recordShopSuccess(inner, session.shop.shopId, 'stock');
      const undeliverable = acknowledged.map(({ listing }) => undelivered(session, listing.listingId));
      await closeExceptions(ctx, [unmappedLocation(session), ...undeliverable]);
      await writeLog(ctx, log, session, numbers, null);
      return recorded;
    });
    deps.metrics?.observePushDelays(written.flatMap(({ delayMs }) => delayMs ?? []));
    return true;
  } catch (error) {
    if (signal.aborted || !(error instanceof ChannelFault)) throw error;
    const outcome = callOutcome(error, 1, outcomeSettleMsDefault);
    await deps.database.transact({ actor: systemActor }, async (ctx) => {
      await lease.guard(ctx);
      const inner = onBehalf(ctx, 'push_stock');
      const { pausedUntil } = await recordShopFault(inner, session.shop.shopId, error);
      if (session.connector.deliveries !== undefined && isAway(error)) {
        return writeLog(ctx, log, session, numbers, error.kind === 'gone' ? null : pausedUntil);
      }
      const dueAt = await recordFailures(inner, session, numbers, () => outcome.cause);
      await writeLog(ctx, log, session, numbers, dueAt);
    });
    return false;
  }
}

/** Faults that no number can be the reason of: the shop waits, and its numbers with it. */
function isAway({ kind }: ChannelFault): boolean {
  return kind === 'unavailable' || kind === 'rate_limited' || kind === 'unauthorised' || kind === 'gone';
}

function writeLog(
  ctx: Ctx,
  log: DeliveryLog,
  session: ShopSession,
  numbers: readonly StockNumber[],
  nextAt: Date | null,
): Promise<void> {
  const ids = numbers.map(({ listing }) => listing.listingId);
  return log.write(ctx, { shopId: session.shop.shopId, subject: { kind: 'listings', ids }, nextAt });
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

function toSeen({ listing, saleable }: StockNumber): { listingExternalId: string; saleable: number } {
  return { listingExternalId: listing.externalId, saleable };
}

/** Its schedule is used up; it goes on being tried at the last wait. Closed by the first number that is taken. */
function undelivered({ shop }: ShopSession, listingId: ListingId): ExceptionInput {
  return {
    kind: 'stock.undelivered',
    subjectKind: 'listing',
    subjectId: listingId,
    shopId: shop.shopId,
    cause: { code: 'stock.undelivered', listingId },
    nextStep: `Look at what the store answers (wharf delivery list "${shop.name}" --failed); then wharf delivery resend.`,
  };
}

/** Answers with when the first of them is tried again. */
async function recordFailures(
  ctx: Ctx,
  session: ShopSession,
  numbers: readonly StockNumber[],
  causeOf: (listing: StockNumber['listing']) => { code: string; detail: string } | null,
): Promise<Date | null> {
  const { deliveries } = session.connector;
  const isSpoilt = numbers.length > 1;
  const failures = numbers.flatMap(({ listing }) => {
    const cause = causeOf(listing);
    const attempts = listing.pushFailures + 1;
    if (cause === null) return [];
    const isOvertaken = cause.code === 'conflict';
    const backsOffMs = isOvertaken ? conflictRetryMs : backOffMs(attempts);
    const waitMs = deliveries === undefined ? backsOffMs : isSpoilt ? 0 : retryDelayMs(deliveries, attempts);
    const failure = { listingId: listing.listingId, cause, dueAt: new Date(ctx.now.getTime() + waitMs) };
    return deliveries === undefined && !isOvertaken ? [failure] : [{ ...failure, version: listing.wantedVersion }];
  });
  if (failures.length === 0) return null;
  await recordPushFailures(ctx, failures);
  const given = numbers.filter(({ listing }) => deliveries && isUsedUp(deliveries, listing.pushFailures + 1));
  await openExceptions(
    ctx,
    given.map(({ listing }) => undelivered(session, listing.listingId)),
  );
  ctx.log.warn(
    { shopId: session.shop.shopId, count: failures.length, code: failures[0]?.cause.code },
    'stock push failed',
  );
  return failures.reduce((first, { dueAt }) => (dueAt < first ? dueAt : first), failures[0]?.dueAt ?? ctx.now);
}
