import { manualClock, moneyFromDecimal } from '../../src/kernel/index.ts';
import { webhookToleranceMs, type ToldOrder, type WebhookRequest } from '../../src/connector-kit/index.ts';
import type {
  ConformanceHarness,
  ConformanceWorld,
  OrderSpec,
  PlacedOrder,
  WorldWebhooks,
} from '../../src/connector-kit/conformance/index.ts';
import { createStore, storeSettings, type FakeStore } from './fake/index.ts';
import { custom as connector } from './index.ts';
import { customSettings, type CustomSettings } from './settings.ts';

/** The store for the conformance suite, in process. */
export const customHarness: ConformanceHarness<CustomSettings> = { connector, open: openWorld };

function openWorld(): Promise<ConformanceWorld<CustomSettings>> {
  const clock = manualClock(new Date('2026-03-01T08:00:00.000Z'));
  const store = createStore({ clock });
  const settings = customSettings.parse(storeSettings(store, 'https://store.test'));
  let changes = 0;
  return Promise.resolve({
    settings,
    wrongSettings: { ...settings, signingSecret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` },
    fetch: (input, init) => store.fetch(new Request(input, init)),
    isWrite: async (request) => !(await request.text()).includes('"type":"ping"'),
    now: () => clock.now(),
    advance: (ms) => clock.advance(ms),
    placeOrder: async (spec) => placed(store, spec, clock.now()),
    touchOrder: async (externalId) => void store.changeOrder(externalId, { buyerNote: `change ${(changes += 1)}` }),
    packagesOf: (externalId) =>
      store
        .order(externalId)
        .packages.map(({ externalId: id, trackingNumber }) => ({ externalId: id, trackingNumber })),
    refundsOf: (externalId) =>
      store.order(externalId).refunds.map(({ externalId: id, amountMinor }) => ({ externalId: id, amountMinor })),
    cancelledUnitsOf: (externalId) =>
      store.order(externalId).lines.reduce((sum, { cancelledQuantity }) => sum + cancelledQuantity, 0),
    webhooks: webhooksOf(store),
    close: () => Promise.resolve(),
  });
}

function placed(store: FakeStore, spec: OrderSpec, now: Date): PlacedOrder {
  const currency = spec.currency ?? 'EUR';
  const externalId = spec.externalId ?? String(store.state.orders.size + 1);
  const lines = spec.lines.map(({ quantity, unitPrice = '10.00' }, index) => ({
    externalId: `${externalId}-${index + 1}`,
    listingExternalId: `listing-${index + 1}`,
    title: `Listing ${index + 1}`,
    quantity,
    unitPrice,
    amountMinor: moneyFromDecimal(unitPrice, currency).amount.minor * quantity,
  }));
  const totalMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0) + 490;
  const told: ToldOrder = {
    externalId,
    number: `W-${externalId}`,
    placedAt: now.toISOString(),
    currency,
    pricesIncludeTax: true,
    totalMinor,
    lines,
    shipping: [{ externalId: 'post', title: 'Post', amountMinor: 490 }],
    paymentState: 'paid',
  };
  const { number } = store.placeOrder(told);
  const facts = lines.map(({ title: _title, unitPrice: _price, ...line }) => line);
  return { externalId, number, currency, totalMinor, lines: facts };
}

function webhooksOf({ outbox }: FakeStore): WorldWebhooks {
  const request = (headers: Headers, rawBody: Uint8Array): WebhookRequest => ({
    method: 'POST',
    url: 'https://hub.test/hooks/shop',
    headers,
    rawBody,
  });
  return {
    sent: () => outbox.messages.map((message) => request(outbox.headers(message), Buffer.from(message.body))),
    sign: (rawBody, options = {}) =>
      request(outbox.headers({ id: 'msg_by_hand', body: Buffer.from(rawBody) }, options), rawBody),
    redeliver: (sent) =>
      request(outbox.headers({ id: sent.headers.get('webhook-id') ?? '', body: sent.rawBody }), sent.rawBody),
    signatureHeader: 'webhook-signature',
    timestamp: {
      header: 'webhook-timestamp',
      toleranceMs: webhookToleranceMs,
      format: (at) => String(Math.floor(at.getTime() / 1000)),
    },
  };
}
