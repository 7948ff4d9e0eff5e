import { z } from 'zod';
import { openKeyring } from '../../src/platform/crypto/index.ts';
import {
  defineConnector,
  secret,
  ChannelFault,
  type AnyConnector,
  type ChannelListing,
} from '../../src/connector-kit/index.ts';
import { manualClock } from '../../src/kernel/index.ts';
import { connectShop, type NewShop, type ShopDeps } from '../../src/channels/index.ts';
import type { Ctx, Database } from '../../src/platform/db/index.ts';
import { quietLog } from './quiet-log.ts';

const paperSettings = z.object({
  baseUrl: z.url(),
  apiKey: secret(z.string().min(4)),
  region: z.string().default('eu'),
});

export type PaperSettings = z.infer<typeof paperSettings>;

const pull = {
  pageSizeMax: 100,
  firstPage: 'cursor',
  direction: 'ascending',
  overlapMs: 0,
  windowMs: null,
  lagMs: 0,
} as const;

/**
 * A channel without a storefront behind it, for tests of what the hub does by itself. `check` asks the origin for its name,
 * and refuses the key `refused`; `orders` has nothing to say.
 */
const paperConnector: AnyConnector = defineConnector<PaperSettings, null, null>({
  code: 'paper',
  label: { en: 'Paper', zh: '纸' },
  settings: paperSettings,
  origin: (settings) => new URL(settings.baseUrl).origin,
  async check(io) {
    if (io.settings.apiKey === 'refused') throw new ChannelFault({ kind: 'unauthorised' });
    const answer = await io.fetch(`${new URL(io.settings.baseUrl).origin}/name`).catch((cause: unknown) => {
      throw new ChannelFault({ kind: 'unavailable' }, undefined, { cause });
    });
    return { shopName: await answer.text(), currency: 'EUR', timeZone: 'Europe/Berlin' };
  },
  orders: {
    pull,
    rereadOpen: true,
    pullOrders: () => Promise.resolve({ items: [], next: null, resume: null }),
    readOrders: () => Promise.resolve([]),
    toChannelOrder() {
      throw new ChannelFault({ kind: 'unknown_code', field: 'order', raw: 'paper' });
    },
  },
  listings: { pull, pullListings: () => Promise.resolve({ items: [], next: null, resume: null }) },
  stock: {
    meaning: 'saleable',
    pushBatchMax: 100,
    readBatchMax: 100,
    pushStock: (_io, pushes) =>
      Promise.resolve(pushes.map(({ listingExternalId }) => ({ listingExternalId, outcome: 'told' as const }))),
    readStock: () => Promise.resolve([]),
  },
  webhooks: { verify: () => null, register: () => Promise.resolve() },
});

export const paperOrigin = 'https://paper.example.com';

/** What verbs on shops need; `fetched` keeps the origins that were asked for. */
export function paperDeps(database: Database): ShopDeps & { readonly fetched: string[] } {
  const fetched: string[] = [];
  return {
    database,
    keyring: openKeyring({ masterKey: new Uint8Array(32).fill(7) }),
    connectors: new Map([['paper', paperConnector]]),
    outgoing: {
      fetchFor({ origin } = {}) {
        fetched.push(origin ?? '');
        return (input) => {
          const url = new URL(input instanceof Request ? input.url : input);
          return url.origin === paperOrigin
            ? Promise.resolve(new Response('Paper & Co'))
            : Promise.reject(new TypeError('fetch failed'));
        };
      },
      guardProcess: () => () => undefined,
      close: () => Promise.resolve(),
    },
    clock: manualClock(new Date('2026-11-21T12:00:00Z')),
    log: quietLog,
    fetched,
  };
}

/** A listing as a channel describes it. */
export function channelListing(externalId: string, facts: Partial<ChannelListing> = {}): ChannelListing {
  return {
    externalId,
    parentExternalId: null,
    sku: null,
    barcode: null,
    title: `Listing ${externalId}`,
    price: '9.90',
    isActive: true,
    tracksStock: true,
    ...facts,
  };
}

/** Connects a paper shop that pushes stock. */
export function connectPaper(ctx: Ctx, deps: ShopDeps, facts: Partial<NewShop> = {}): ReturnType<typeof connectShop> {
  return connectShop(ctx, deps, {
    channel: 'paper',
    name: 'Paper & Co',
    settings: { baseUrl: `${paperOrigin}/admin`, apiKey: 'paper key' },
    claimsAt: 'placed',
    ordersSince: new Date('2026-11-01T00:00:00Z'),
    pushesStock: true,
    report: { shopName: 'Paper & Co', currency: 'EUR', timeZone: 'Europe/Berlin' },
    ...facts,
  });
}
