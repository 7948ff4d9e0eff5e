import { createHash } from 'node:crypto';
import type { StockPush, StockPushResult, ToldStockCapability } from '../../src/connector-kit/index.ts';
import { send, type CustomIo } from './client.ts';
import type { CustomSettings } from './settings.ts';

/**
 * One message of up to fifty numbers (Standard Webhooks: keep a payload below 20 kB). Its id is that of its numbers and their
 * versions: said again it is the same message, and once a number has moved on it is another.
 */
async function pushStock(io: CustomIo, pushes: readonly StockPush[]): Promise<readonly StockPushResult[]> {
  if (pushes.length === 0) return [];
  const items = pushes.map(({ listingExternalId, quantity, version }) => ({ listingExternalId, quantity, version }));
  const id = `stock_${createHash('sha256').update(JSON.stringify(items)).digest('base64url').slice(0, 32)}`;
  await send(io, id, 'stock.updated', { items });
  return pushes.map(({ listingExternalId }) => ({ listingExternalId, outcome: 'told' }));
}

/** What may be bought. The store takes its own sales off until the next number comes. */
export const stock: ToldStockCapability<CustomSettings> = { meaning: 'saleable', pushBatchMax: 50, pushStock };
