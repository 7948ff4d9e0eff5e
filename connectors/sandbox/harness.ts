import { manualClock, moneyFromDecimal } from '../../src/kernel/index.ts';
import type { WebhookRequest } from '../../src/connector-kit/index.ts';
import type {
  ConformanceHarness,
  ConformanceWorld,
  OrderSpec,
  PlacedOrder,
  WorldWebhooks,
} from '../../src/connector-kit/conformance/index.ts';
import { createSandbox, serveSandbox, type Sandbox } from './fake/index.ts';
import { sandbox as connector } from './index.ts';
import type { SandboxSettings } from './settings.ts';
import { webhookToleranceMs } from './webhooks.ts';

const stockOfEach = 1_000_000;

/** The sandbox for the conformance suite, over real loopback HTTP. */
export const sandboxHarness: ConformanceHarness<SandboxSettings> = { connector, open: openWorld };

async function openWorld(): Promise<ConformanceWorld<SandboxSettings>> {
  const clock = manualClock(new Date('2026-03-01T08:00:00.000Z'));
  const fake = createSandbox({ clock, rateLimit: { burst: 1_000_000, perSecond: 1_000 } });
  for (const listing of fake.state.listings.filter(({ tracksStock }) => tracksStock)) {
    fake.setStock({ listingId: listing.id, quantity: stockOfEach });
  }
  const server = await serveSandbox({ sandbox: fake });
  const settings = { baseUrl: server.origin, apiKey: fake.apiKey, webhookSecret: fake.webhookSecret };
  let changes = 0;
  return {
    settings,
    wrongSettings: { ...settings, apiKey: 'not the key of this shop' },
    fetch: globalThis.fetch,
    isWrite: (request) => request.method !== 'GET',
    now: () => clock.now(),
    advance: (ms) => clock.advance(ms),
    placeOrder: async (spec) => placed(fake, spec),
    touchOrder: async (externalId) => void fake.annotateOrder(externalId, `change ${(changes += 1)}`),
    packagesOf: (externalId) =>
      fake.order(externalId).fulfilments.map(({ id, trackingNumber }) => ({ externalId: id, trackingNumber })),
    refundsOf: (externalId) =>
      fake.order(externalId).refunds.map(({ id, amountMinor }) => ({ externalId: id, amountMinor })),
    cancelledUnitsOf: (externalId) =>
      fake.order(externalId).lines.reduce((sum, { cancelledQuantity }) => sum + cancelledQuantity, 0),
    webhooks: webhooksOf(fake),
    close: () => server.close(),
  };
}

function placed(fake: Sandbox, spec: OrderSpec): PlacedOrder {
  const currency = spec.currency ?? fake.state.currency;
  const order = fake.placeOrder({
    lines: spec.lines.map(({ quantity, unitPrice = '10.00' }, index) => ({
      listingId: fake.state.listings[index]?.id ?? '',
      quantity,
      unitPriceMinor: moneyFromDecimal(unitPrice, currency).amount.minor,
    })),
    currency,
    taxBasisPoints: 1900,
    shippingMinor: 490,
    discounts: [{ code: 'SPRING', title: 'Spring', amountMinor: 33, fundedBy: 'platform' }],
    ...(spec.externalId === undefined ? {} : { id: spec.externalId }),
  });
  const { id: externalId, number, totalMinor } = order;
  const lines = order.lines.map(({ id, listingId, quantity, amountMinor }) => ({
    externalId: id,
    listingExternalId: listingId,
    quantity,
    amountMinor,
  }));
  return { externalId, number, currency, totalMinor, lines };
}

function webhooksOf(fake: Sandbox): WorldWebhooks {
  const request = (headers: Headers, rawBody: Uint8Array): WebhookRequest => ({
    method: 'POST',
    url: 'http://127.0.0.1/hooks/shop',
    headers,
    rawBody,
  });
  const sign: WorldWebhooks['sign'] = (rawBody, options = {}) => {
    const event = { id: 'evt_signed_by_hand', body: Buffer.from(rawBody).toString('utf8') };
    return request(fake.webhooks.headers(event, options), rawBody);
  };
  return {
    sent: () => fake.webhooks.events().map((event) => request(fake.webhooks.headers(event), Buffer.from(event.body))),
    sign,
    redeliver(sent) {
      const id = sent.headers.get('sandbox-event-id') ?? '';
      const event = { id, body: Buffer.from(sent.rawBody).toString('utf8') };
      return request(fake.webhooks.headers(event), sent.rawBody);
    },
    signatureHeader: 'sandbox-signature',
    timestamp: {
      header: 'sandbox-timestamp',
      toleranceMs: webhookToleranceMs,
      format: (at) => String(Math.floor(at.getTime() / 1000)),
    },
  };
}
