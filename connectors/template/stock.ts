import type { ChannelStock, StockCapability, StockPush, StockPushResult } from '../../src/connector-kit/index.ts';
import { get, write, type AcmeShopIo } from './client.ts';
import type { AcmeShopSettings } from './settings.ts';
import { wireStock, wireStockResults } from './wire.ts';

/**
 * The vendor is told what can be bought, absolutely, and subtracts its own sales from it: `saleable`. A channel that is told
 * what lies on the shelf and keeps its own reservations beside it is `on_hand`.
 */
export const stock: StockCapability<AcmeShopSettings> = {
  meaning: 'saleable',
  pushBatchMax: 100,
  readBatchMax: 100,
  pushStock,
  readStock,
};

/** A batch answers 200 with an error per item; an item without an answer was not told. */
async function pushStock(io: AcmeShopIo, pushes: readonly StockPush[]): Promise<readonly StockPushResult[]> {
  if (pushes.length === 0) return [];
  const items = pushes.map((push) => ({ variant_id: push.listingExternalId, available: push.quantity }));
  const { results } = await write(io, 'PUT', '/stock', { items }, wireStockResults);
  const answers = new Map(results.map(({ variant_id, error }) => [variant_id, error]));
  return pushes.map(({ listingExternalId }) => {
    const error = answers.get(listingExternalId);
    if (error === null) return { listingExternalId, outcome: 'told' };
    const { code, message } = error ?? { code: 'no_answer', message: 'the batch answered nothing for this listing' };
    return { listingExternalId, outcome: 'failed', code, detail: message };
  });
}

async function readStock(io: AcmeShopIo, listingExternalIds: readonly string[]): Promise<readonly ChannelStock[]> {
  if (listingExternalIds.length === 0) return [];
  const page = await get(io, '/stock', { variant_ids: listingExternalIds.join(',') }, wireStock);
  return page.stock.map(({ variant_id, available }) => ({
    listingExternalId: variant_id,
    saleable: available,
    locations: [],
  }));
}
