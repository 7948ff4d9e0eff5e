import { webhookShopsKeptMax } from '../../config/defaults.ts';
import { openShopByWebhookKey, type ShopDeps, type ShopSession } from '../channels/index.ts';
import { shareReads } from './shared-reads.ts';

/**
 * Shops by the key of their webhook address. One that was opened is kept, with its secrets, for a burst asks for the same
 * again and again: good for storing under the condition that the shop is unchanged (`insertIfUnchanged`), never for refusing.
 */
export type OpenedShops = {
  kept(webhookKey: string): ShopSession | 'none_kept';
  /** Read after the call. Rejects as `openShop` where it cannot be opened. */
  open(webhookKey: string): Promise<ShopSession | 'removed' | null>;
};

export function openedShops(deps: ShopDeps): OpenedShops {
  const shops = new Map<string, ShopSession>();
  const open = shareReads(async (webhookKey: string) => {
    shops.delete(webhookKey);
    const shop = await deps.database.read((db) => openShopByWebhookKey(db, deps, webhookKey));
    if (shop === null || shop === 'removed') return shop;
    const [oldest] = shops.keys();
    if (shops.size >= webhookShopsKeptMax && oldest !== undefined) shops.delete(oldest);
    shops.set(webhookKey, shop);
    return shop;
  });
  return { kept: (webhookKey) => shops.get(webhookKey) ?? 'none_kept', open };
}
