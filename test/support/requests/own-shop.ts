import { connectShop, type ShopDeps } from '../../../src/channels/index.ts';
import type { ShopId } from '../../../src/kernel/index.ts';
import type { TestDatabase } from '../database.ts';

/** Signs both directions of the shop that `connectOwnShop` connects. */
export const ownSecret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

/** A store of the seller's own, whose program pushes. `deps` must know the connector `custom`. */
export function connectOwnShop(
  database: TestDatabase,
  deps: ShopDeps,
): Promise<{ readonly shopId: ShopId; readonly webhookKey: string }> {
  return database.run((ctx) =>
    connectShop(ctx, deps, {
      channel: 'custom',
      name: 'Own store',
      settings: {
        endpointUrl: 'https://own.example.com/wharf',
        shopName: 'Own store',
        currency: 'EUR',
        signingSecret: ownSecret,
      },
      claimsAt: 'placed',
      ordersSince: new Date('2026-01-01T00:00:00Z'),
      pushesStock: false,
      report: { shopName: 'Own store', currency: 'EUR', timeZone: 'UTC' },
    }),
  );
}
