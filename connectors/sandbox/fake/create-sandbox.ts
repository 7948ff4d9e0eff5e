import { Hono } from 'hono';
import { Fault, systemClock, type Clock } from '../../../src/kernel/index.ts';
import { shopApi } from './api.ts';
import { seedState } from './catalogue.ts';
import {
  annotateOrder,
  cancelOrder,
  deliverOrder,
  fulfilOrder,
  payOrder,
  refundOrder,
  type Cancel,
  type Fulfil,
  type Refund,
} from './change-order.ts';
import { askReturn, cancelReturn, receiveReturn, type ReturnWish } from './change-returns.ts';
import { controlApi } from './control.ts';
import { noFaults, type SandboxFaults } from './faults.ts';
import { limitRate, playFaults, refuse, requireKey, type RateLimit } from './gate.ts';
import { saleable } from './levels.ts';
import { placeOrder, type Basket } from './place-order.ts';
import { setStock, type StockSetting } from './set-stock.ts';
import { openShop, orderOf, ShopRefusal, type Shop } from './shop.ts';
import { keepStateFile, readStateFile } from './state-file.ts';
import type { JournalEntry, ShopFulfilment, ShopOrder, ShopRefund, ShopReturn, ShopState } from './state.ts';
import { startWebhooks, type WebhookSender } from './webhooks.ts';

export type SandboxOptions = {
  readonly clock?: Clock;
  readonly apiKey?: string;
  readonly webhookSecret?: string;
  /** Catalogue and ids are a function of it: 0 to 9,000. */
  readonly seed?: number;
  readonly currency?: string;
  readonly shopName?: string;
  readonly rateLimit?: RateLimit;
  /** Keeps the shop over a restart. */
  readonly stateFile?: string | null;
  /** For webhooks; default the global one. */
  readonly fetch?: typeof globalThis.fetch;
  /** For the error rate; default Math.random. */
  readonly random?: () => number;
};

/** A whole storefront in memory. The methods are what buyers and staff do; `app` is its HTTP API. */
export type Sandbox = {
  readonly app: Hono;
  readonly clock: Clock;
  readonly state: Readonly<ShopState>;
  readonly faults: SandboxFaults;
  readonly webhooks: WebhookSender;
  readonly apiKey: string;
  readonly webhookSecret: string;
  fetch(request: Request): Promise<Response>;
  placeOrder(basket: Basket): ShopOrder;
  payOrder(orderId: string): ShopOrder;
  annotateOrder(orderId: string, note: string): ShopOrder;
  cancelOrder(orderId: string, cancel?: Partial<Cancel>): ShopOrder;
  refundOrder(orderId: string, refund: Pick<Refund, 'amountMinor'> & Partial<Refund>): ShopRefund;
  askReturn(orderId: string, wish: ReturnWish): ShopReturn;
  cancelReturn(orderId: string, returnId: string): ShopReturn;
  receiveReturn(orderId: string, returnId: string): ShopReturn;
  fulfilOrder(orderId: string, fulfil: Omit<Fulfil, 'ifVersion'>): ShopFulfilment;
  deliverOrder(orderId: string): ShopOrder;
  setStock(setting: StockSetting): void;
  order(orderId: string): ShopOrder;
  saleable(listingId: string): number;
  journal(): readonly JournalEntry[];
  setFaults(faults: Partial<SandboxFaults>): void;
  close(): void;
};

const sandboxDefaults = {
  apiKey: 'sandbox-key',
  webhookSecret: 'sandbox-webhook-secret',
  rateLimit: { burst: 200, perSecond: 50 },
} as const;

export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const clock = options.clock ?? systemClock;
  const { apiKey = sandboxDefaults.apiKey, webhookSecret = sandboxDefaults.webhookSecret, stateFile = null } = options;
  const stored = stateFile === null ? null : readStateFile(stateFile);
  const fresh = (): ShopState => seedState(options.seed ?? 0, options.currency ?? 'EUR', options.shopName ?? 'Sandbox');
  const shop = openShop(stored ?? fresh(), clock);
  if (stateFile !== null) keepStateFile(stateFile, shop);
  const faults = { ...noFaults };
  const fetch: typeof globalThis.fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const webhooks = startWebhooks(shop, { secret: webhookSecret, faults, fetch });
  const app = buildApp(shop, faults, apiKey, options);
  return {
    ...staffAndBuyers(shop),
    app,
    clock,
    state: shop.state,
    faults,
    webhooks,
    apiKey,
    webhookSecret,
    fetch: async (request) => app.fetch(request),
    journal: () => shop.state.journal,
    setFaults: (changes) => void Object.assign(faults, changes),
    close: () => webhooks.close(),
  };
}

function buildApp(shop: Shop, faults: SandboxFaults, apiKey: string, options: SandboxOptions): Hono {
  const app = new Hono();
  app.use('/api/*', requireKey(apiKey));
  app.use('/_control/*', requireKey(apiKey));
  app.use('/api/*', limitRate(shop.clock, options.rateLimit ?? sandboxDefaults.rateLimit));
  app.use('/api/*', playFaults(shop.clock, faults, options.random ?? Math.random));
  app.route('/api', shopApi(shop, faults));
  app.route('/_control', controlApi(shop, faults));
  app.notFound(() => refuse(404, 'no_such_path', 'no such path'));
  app.onError((error) => {
    if (error instanceof ShopRefusal) return refuse(error.status, error.code, error.message);
    if (error instanceof Fault) return refuse(422, error.code, error.message);
    throw error;
  });
  return app;
}

type Doings = Pick<
  Sandbox,
  | 'placeOrder'
  | 'payOrder'
  | 'annotateOrder'
  | 'cancelOrder'
  | 'refundOrder'
  | 'askReturn'
  | 'cancelReturn'
  | 'receiveReturn'
  | 'fulfilOrder'
  | 'deliverOrder'
  | 'setStock'
  | 'order'
  | 'saleable'
>;

function staffAndBuyers(shop: Shop): Doings {
  return {
    placeOrder: (basket) => placeOrder(shop, basket),
    payOrder: (orderId) => payOrder(shop, orderId),
    annotateOrder: (orderId, note) => annotateOrder(shop, orderId, note),
    cancelOrder: (orderId, cancel) =>
      cancelOrder(shop, 'staff', orderId, { lines: null, reason: '', ifVersion: null, ...cancel }),
    refundOrder: (orderId, refund) =>
      refundOrder(shop, 'staff', orderId, { reason: '', requestId: null, lines: [], ifVersion: null, ...refund }),
    askReturn: (orderId, wish) => askReturn(shop, orderId, wish),
    cancelReturn: (orderId, returnId) => cancelReturn(shop, orderId, returnId),
    receiveReturn: (orderId, returnId) => receiveReturn(shop, orderId, returnId),
    fulfilOrder: (orderId, fulfil) => fulfilOrder(shop, 'staff', orderId, { ...fulfil, ifVersion: null }),
    deliverOrder: (orderId) => deliverOrder(shop, orderId),
    setStock: (setting) => setStock(shop, 'staff', setting),
    order: (orderId) => orderOf(shop, orderId),
    saleable: (listingId) => saleable(shop, listingId),
  };
}
