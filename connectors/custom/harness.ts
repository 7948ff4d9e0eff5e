import { manualClock, moneyFromDecimal } from '../../src/kernel/index.ts';
import { webhookToleranceMs, type ToldOrder, type WebhookRequest } from '../../src/connector-kit/index.ts';
import type {
  ConformanceHarness,
  ConformanceWorld,
  Lacking,
  OrderSpec,
  PlacedOrder,
  UnknownWord,
  WorldWebhooks,
} from '../../src/connector-kit/conformance/index.ts';
import { createStore, storeSettings, type FakeStore } from './fake/index.ts';
import { custom as connector } from './index.ts';
import { customSettings, type CustomSettings } from './settings.ts';

const lacking: Lacking = { sessions: 'every message is signed by itself' };

/** The store for the conformance suite, in process. */
export const customHarness: ConformanceHarness<CustomSettings> = { connector, lacking, open: openWorld };

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
    saleableOf: (id) => store.state.stock.get(id)?.quantity ?? 0,
    refuseStockOf: (id) => void (store.faults.poison = new Set([...store.faults.poison, id])),
    unknownWords: unknownWords(store),
    splitOrder: async (externalId) => store.splitOrder(externalId).map((part) => part.externalId),
    personalData: ['Ilse Eigen', '+49 421 5550100', 'ilse@example.org', 'Speicherweg'],
    close: () => Promise.resolve(),
  });
}

function unknownWords(store: FakeStore): UnknownWord[] {
  return [
    { field: 'paymentState', plant: (id, raw) => store.tellWrongly(id, { paymentState: raw }) },
    { field: 'holds', plant: (id, raw) => store.tellWrongly(id, { holds: [raw] }) },
    {
      field: 'packages.state',
      plant: (id, raw) => store.tellWrongly(id, { packages: [{ externalId: 'p1', state: raw, lines: [] }] }),
    },
  ];
}

const buyer: ToldOrder['receiver'] = {
  address: {
    name: 'Ilse Eigen',
    phone: '+49 421 5550100',
    email: 'ilse@example.org',
    lines: ['Speicherweg 1'],
    city: 'Bremen',
    postalCode: '28195',
    countryCode: 'DE',
  },
};

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
    receiver: buyer,
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
