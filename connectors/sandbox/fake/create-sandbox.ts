import { Hono } from 'hono';
import { Fault, systemClock, type Clock } from '../../../src/kernel/index.ts';
import { shopApi, type ShopWindow } from './api.ts';
import { seedState } from './catalogue.ts';
import { characters, type Character, type SandboxCharacter, type ShopKeys } from './characters/index.ts';
import { controlApi } from './control.ts';
import { staffAndBuyers, type Doings } from './doings.ts';
import { noFaults, openTrouble, type FaultKind, type SandboxFaults } from './faults.ts';
import { limitRate, playFaults, refuse, requireKey, type RateLimit } from './gate.ts';
import { oddStatuses } from './odd-statuses.ts';
import { openShop, ShopRefusal, type Shop } from './shop.ts';
import { keepStateFile, readStateFile } from './state-file.ts';
import type { JournalEntry, ShopState } from './state.ts';
import { startWebhooks, type WebhookSender } from './webhooks.ts';

export type SandboxOptions = {
  /** What kind of shop it is; default `webhooks`. */
  readonly character?: SandboxCharacter;
  readonly clock?: Clock;
  readonly apiKey?: string;
  readonly webhookSecret?: string;
  readonly appSecret?: string;
  /** Catalogue and ids are a function of it: 0 to 9,000. */
  readonly seed?: number;
  readonly currency?: string;
  readonly shopName?: string;
  readonly rateLimit?: RateLimit;
  /** Keeps the shop over a restart. */
  readonly stateFile?: string | null;
  /** For webhooks; default the global one. */
  readonly fetch?: typeof globalThis.fetch;
  /** Who sends webhooks: the shop by its clock (default), or its driver by `webhooks.deliverDue`. */
  readonly webhookDelivery?: 'self' | 'driven';
  /** For everything that is left to chance; default Math.random. */
  readonly random?: () => number;
};

/** A whole storefront in memory. The methods are what buyers and staff do; `app` is its HTTP API. */
export type Sandbox = Doings & {
  readonly character: SandboxCharacter;
  readonly app: Hono;
  readonly clock: Clock;
  readonly state: Readonly<ShopState>;
  readonly faults: SandboxFaults;
  /** How often each thing went wrong. */
  readonly faultCounts: ReadonlyMap<FaultKind, number>;
  readonly webhooks: WebhookSender;
  readonly apiKey: string;
  readonly webhookSecret: string;
  /** Answers in this process, without a server. */
  fetch(request: Request): Promise<Response>;
  /** What `connect` wants, for a shop that answers at this origin. */
  settings(origin: string): Record<string, unknown>;
  journal(): readonly JournalEntry[];
  setFaults(faults: Partial<SandboxFaults>): void;
  close(): void;
};

const sandboxDefaults = {
  apiKey: 'sandbox-key',
  webhookSecret: 'sandbox-webhook-secret',
  appKey: '12345678',
  appSecret: 'sandbox-app-secret',
  rateLimit: { burst: 200, perSecond: 50 },
} as const;

export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const clock = options.clock ?? systemClock;
  const name = options.character ?? 'webhooks';
  const character = characters[name];
  const keys = keysOf(options);
  const shop = openStored(options, clock, character);
  const trouble = openTrouble({ ...noFaults, ...character.nature }, options.random ?? Math.random);
  oddStatuses(shop, trouble);
  const window = { shop, character, views: character.views(shop, trouble), trouble };
  const webhooks = startWebhooks(shop, {
    secret: keys.webhookSecret,
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    trouble,
    letter: character.letter?.(shop, keys) ?? null,
    delivery: options.webhookDelivery ?? 'self',
  });
  const app = buildApp(window, keys, options.rateLimit ?? sandboxDefaults.rateLimit);
  return {
    ...staffAndBuyers(shop, character),
    character: name,
    app,
    clock,
    state: shop.state,
    faults: trouble.faults,
    faultCounts: trouble.counts,
    webhooks,
    apiKey: keys.apiKey,
    webhookSecret: keys.webhookSecret,
    fetch: async (request) => app.fetch(request),
    settings: (origin) => character.settings(shop, keys, origin),
    journal: () => shop.state.journal,
    setFaults: (changes) => void Object.assign(trouble.faults, changes),
    close: () => webhooks.close(),
  };
}

/** The shop as it was left, or a fresh one. */
function openStored(options: SandboxOptions, clock: Clock, character: Character): Shop {
  const { stateFile = null, seed = 0, currency = 'EUR', shopName = 'Sandbox' } = options;
  const stored = stateFile === null ? null : readStateFile(stateFile);
  const shop = openShop(stored ?? seedState(seed, currency, shopName), clock, character.changeTime);
  if (stateFile !== null) keepStateFile(stateFile, shop);
  return shop;
}

/** A masked shop's messages are signed with the app's secret, like its calls. */
function keysOf(options: SandboxOptions): ShopKeys {
  const { apiKey, webhookSecret, appKey, appSecret } = { ...sandboxDefaults, ...options };
  return { apiKey, appKey, appSecret, webhookSecret: options.character === 'masked' ? appSecret : webhookSecret };
}

function buildApp(window: ShopWindow, keys: ShopKeys, rateLimit: RateLimit): Hono {
  const { shop, character, trouble } = window;
  const door = character.door(shop, keys, trouble);
  const app = new Hono();
  app.use('/api/*', door.guard);
  app.use('/_control/*', requireKey(keys.apiKey));
  app.use('/api/*', limitRate(shop.clock, rateLimit));
  app.use('/api/*', playFaults(shop.clock, trouble));
  if (door.routes !== null) app.route('/api', door.routes);
  app.route('/api', shopApi(window));
  app.route('/_control', controlApi(shop, character, trouble.faults));
  app.notFound(() => refuse(404, 'no_such_path', 'no such path'));
  app.onError((error) => {
    if (error instanceof ShopRefusal) return refuse(error.status, error.code, error.message);
    if (error instanceof Fault) return refuse(422, error.code, error.message);
    throw error;
  });
  return app;
}
