import { ChannelFault, type StockPush, type StockPushResult } from '../../src/connector-kit/index.ts';
import { callVendure, type VendureIo } from './client.ts';
import { setStockDocument } from './documents.ts';

/**
 * Sets the numbers in one mutation, which is one transaction of Vendure's. When it is refused for one of them, the batch is
 * halved until the culprit stands alone; faults that concern them all are thrown.
 */
export async function pushStock(
  io: VendureIo,
  pushes: readonly StockPush[],
  fallbackLocations: readonly string[],
): Promise<readonly StockPushResult[]> {
  if (pushes.length === 0) return [];
  try {
    const input = pushes.map((push) => ({
      id: push.listingExternalId,
      stockLevels: levelsOf(push, fallbackLocations),
    }));
    await callVendure(io, { document: setStockDocument, variables: { input } });
    return pushes.map(({ listingExternalId }) => ({ listingExternalId, outcome: 'told' }));
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    const [only] = pushes;
    if (pushes.length === 1 && only !== undefined) {
      return [{ listingExternalId: only.listingExternalId, outcome: 'failed', ...refusal }];
    }
    const half = Math.ceil(pushes.length / 2);
    return [
      ...(await pushStock(io, pushes.slice(0, half), fallbackLocations)),
      ...(await pushStock(io, pushes.slice(half), fallbackLocations)),
    ];
  }
}

/** A number without locations stands at the first one and is zero at the others, so that the sum is what was asked for. */
function levelsOf(
  push: StockPush,
  fallbackLocations: readonly string[],
): { stockLocationId: string; stockOnHand: number }[] {
  if (push.locations.length > 0) {
    return push.locations.map(({ locationExternalId, quantity }) => ({
      stockLocationId: locationExternalId,
      stockOnHand: quantity,
    }));
  }
  return fallbackLocations.map((stockLocationId, index) => ({
    stockLocationId,
    stockOnHand: index === 0 ? push.quantity : 0,
  }));
}

function refusalOf(error: unknown): { code: string; detail: string } | null {
  if (!(error instanceof ChannelFault)) return null;
  if (error.reason.kind === 'not_found') return { code: 'not_found', detail: 'the channel does not know this listing' };
  if (error.reason.kind === 'rejected') return { code: error.reason.code, detail: error.reason.detail };
  return null;
}
