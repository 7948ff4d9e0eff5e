import { pushStepMsMax } from '../../config/defaults.ts';
import { recordShopFault, type ShopDeps, type ShopSession } from '../channels/index.ts';
import { ChannelFault, type ToldStockCapability } from '../connector-kit/index.ts';
import { onBehalf } from '../platform/db/index.ts';
import type { Lease } from '../platform/queue/index.ts';
import { systemActor } from './lane.ts';
import type { StockNumber } from './stock-numbers.ts';

/** What the numbers of one step that may rise are compared with. */
export type StockComparison = {
  /**
   * Reads the versions of the numbers that may rise; to be called before the orders that they count in are read, so that
   * a sale which comes later refuses the push instead of being undone by it. False where the channel did not answer: then
   * nothing may rise.
   */
  readVersions(numbers: readonly StockNumber[]): Promise<boolean>;
  /**
   * The numbers with their conditions; for one sending. One that may rise and whose version was not read, or was sent
   * already, is left to the next step.
   */
  withConditions(numbers: readonly StockNumber[]): readonly StockNumber[];
};

const readBatchMaxDefault = 50;

/** Versions must leave the step time to tell. */
const readMsMax = pushStepMsMax / 2;

/**
 * Not less than the channel was told: what it has sold meanwhile must be known first. The same number again would give
 * back the units of a sale that the hub has not read.
 */
export function mayRise({ listing, saleable }: StockNumber): boolean {
  return saleable > 0 && (listing.toldQuantity === null || saleable >= listing.toldQuantity);
}

export function openComparison(
  deps: ShopDeps,
  session: ShopSession,
  lease: Lease,
  signal: AbortSignal,
  stock: ToldStockCapability<unknown>,
): StockComparison {
  const read = stock.readStockVersions?.bind(stock);
  if (read === undefined) {
    return { readVersions: () => Promise.resolve(true), withConditions: (numbers) => numbers };
  }
  const size = stock.readBatchMax ?? readBatchMaxDefault;
  /** By the external id of the listing; null where the channel does not know it. */
  const versions = new Map<string, string | null>();
  const readAll = async (ids: readonly string[]): Promise<void> => {
    const endsAtMs = deps.clock.now().getTime() + readMsMax;
    for (let at = 0; at < ids.length; at += size) {
      const asked = ids.slice(at, at + size);
      const found = await read(session.io(signal, deps.clock.now()), asked);
      for (const id of asked) versions.set(id, found.get(id) ?? null);
      if (deps.clock.now().getTime() >= endsAtMs) return;
    }
  };
  return {
    async readVersions(numbers) {
      try {
        await readAll(numbers.filter(mayRise).map(({ listing }) => listing.externalId));
        return true;
      } catch (error) {
        if (signal.aborted || !(error instanceof ChannelFault)) throw error;
        await deps.database.transact({ actor: systemActor }, async (ctx) => {
          await lease.guard(ctx);
          await recordShopFault(onBehalf(ctx, 'push_stock'), session.shop.shopId, error);
        });
        return false;
      }
    },
    withConditions: (numbers) => numbers.flatMap((number) => withCondition(number, versions)),
  };
}

function withCondition(number: StockNumber, versions: Map<string, string | null>): StockNumber[] {
  const id = number.listing.externalId;
  const ifVersion = versions.get(id);
  versions.delete(id);
  if (ifVersion === undefined) return mayRise(number) ? [] : [number];
  return [ifVersion === null ? number : { ...number, push: { ...number.push, ifVersion } }];
}
