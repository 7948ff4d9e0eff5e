import { ChannelFault, placeAddBack, type StockPush, type StockPushResult } from '../../src/connector-kit/index.ts';
import { callVendure, readWire, type VendureIo } from './client.ts';
import { setStockDocument, stockDocument } from './documents.ts';
import { wireStockPage } from './wire.ts';

/**
 * One mutation, and so one transaction of Vendure's, for each listing. A mutation over many locks their levels together, in
 * another order than a checkout does, and PostgreSQL then fails one of the two: seen as "deadlock detected" in a buyer's
 * `addPaymentToOrder` on 3.7.3. One that is refused does not touch the others; faults that concern them all are thrown.
 */
export async function pushStock(
  io: VendureIo,
  pushes: readonly StockPush[],
  fallbackLocations: readonly string[],
): Promise<readonly StockPushResult[]> {
  const allocated = await readAllocated(io, pushes);
  const results: StockPushResult[] = [];
  for (const push of pushes) {
    const levels = levelsOf(push, fallbackLocations, allocated.get(push.listingExternalId) ?? new Map());
    results.push(await pushOne(io, push.listingExternalId, levels));
  }
  return results;
}

type Level = { readonly stockLocationId: string; readonly stockOnHand: number };

/** What Vendure has allocated, by variant and location. A variant it does not know is missing, and refused when pushed. */
async function readAllocated(
  io: VendureIo,
  pushes: readonly StockPush[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const ids = pushes.map((push) => push.listingExternalId);
  const options = { take: ids.length, filter: { id: { in: ids } } };
  const data = await callVendure(io, { document: stockDocument, variables: { options } });
  const { items } = readWire(wireStockPage, data).productVariants;
  return new Map(
    items.map(({ id, stockLevels }) => [
      id,
      new Map(stockLevels.map((level) => [level.stockLocationId, level.stockAllocated])),
    ]),
  );
}

async function pushOne(
  io: VendureIo,
  listingExternalId: string,
  stockLevels: readonly Level[],
): Promise<StockPushResult> {
  const input = [{ id: listingExternalId, stockLevels }];
  try {
    await callVendure(io, { document: setStockDocument, variables: { input } });
    return { listingExternalId, outcome: 'told' };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    return { listingExternalId, outcome: 'failed', ...refusal };
  }
}

/** A number without locations stands at the first one and is zero at the others, so that the sum is what was asked for. */
function levelsOf(
  push: StockPush,
  fallbackLocations: readonly string[],
  allocated: ReadonlyMap<string, number>,
): Level[] {
  if (push.locations.length === 0) {
    return fallbackLocations.map((stockLocationId, index) => ({
      stockLocationId,
      stockOnHand: index === 0 ? push.quantity : 0,
    }));
  }
  const wanted = push.locations.map(({ locationExternalId, quantity }) => ({
    locationId: locationExternalId,
    units: quantity,
  }));
  return placeAddBack(push.quantity, wanted, allocated).map(({ locationId, units }) => ({
    stockLocationId: locationId,
    stockOnHand: units,
  }));
}

function refusalOf(error: unknown): { code: string; detail: string } | null {
  if (!(error instanceof ChannelFault)) return null;
  if (error.reason.kind === 'not_found') return { code: 'not_found', detail: 'the channel does not know this listing' };
  if (error.reason.kind === 'rejected') return { code: error.reason.code, detail: error.reason.detail };
  return null;
}
