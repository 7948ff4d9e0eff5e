import { manualClock, moneyFromDecimal } from '../../src/kernel/index.ts';
import type { WebhookRequest } from '../../src/connector-kit/index.ts';
import type {
  ConformanceHarness,
  ConformanceWorld,
  Lacking,
  OrderSpec,
  PlacedOrder,
  UnknownWord,
  WorldWebhooks,
} from '../../src/connector-kit/conformance/index.ts';
import { createFakeAcmeShop, signedHeaders, type FakeAcmeShop } from './fake/index.ts';
import { acmeShop as connector } from './index.ts';
import type { AcmeShopSettings } from './settings.ts';
import { webhookToleranceMs } from './webhooks.ts';

const stockOfEach = 1_000_000;

/** What the vendor does not do at all. A part of the world that is in neither place fails the suite. */
const lacking: Lacking = { sessions: 'an API token does not expire', splitOrder: 'the vendor never splits an order' };

/** The fake for the conformance suite, answered in-process. */
export const acmeShopHarness: ConformanceHarness<AcmeShopSettings> = { connector, lacking, open: openWorld };

async function openWorld(): Promise<ConformanceWorld<AcmeShopSettings>> {
  const clock = manualClock(new Date('2026-03-01T08:00:00.000Z'));
  const fake = createFakeAcmeShop(() => clock.now());
  for (const sku of ['A', 'B', 'C']) fake.addVariant(sku, '10.00', stockOfEach);
  const { apiToken, webhookSecret } = fake.state;
  const settings = { baseUrl: 'http://acme-shop.test', apiToken, webhookSecret };
  const order = (id: string) => fake.state.orders.find((candidate) => candidate.id === id) ?? missing(id);
  let changes = 0;
  return {
    settings,
    wrongSettings: { ...settings, apiToken: 'not the token of this shop' },
    fetch: (input, init) => fake.fetch(new Request(input, init)),
    isWrite: (request) => request.method !== 'GET',
    now: () => clock.now(),
    advance: (ms) => clock.advance(ms),
    placeOrder: async (spec) => placed(fake, spec),
    touchOrder: async (id) => fake.annotate(id, `change ${(changes += 1)}`),
    packagesOf: (id) =>
      order(id).packages.map((parcel) => ({ externalId: parcel.id, trackingNumber: parcel.tracking_number })),
    refundsOf: (id) =>
      order(id).refunds.map((refund) => ({
        externalId: refund.id,
        amountMinor: moneyFromDecimal(refund.amount, order(id).currency).amount.minor,
      })),
    cancelledUnitsOf: (id) => order(id).items.reduce((sum, { cancelled }) => sum + cancelled, 0),
    webhooks: webhooksOf(fake),
    saleableOf: (id) => fake.state.variants.find((variant) => variant.id === id)?.available ?? 0,
    refuseStockOf: (id) => fake.deleteVariant(id),
    unknownWords: unknownWords(order),
    personalData: ['Ada Example', '0000000', 'ada@example.org', 'Beispielweg'],
    close: async () => undefined,
  };
}

function missing(id: string): never {
  throw new Error(`the fake has no order ${id}`);
}

/** Every word of the vendor's that codes.ts has a table for. */
function unknownWords(order: (id: string) => FakeAcmeShop['state']['orders'][number]): UnknownWord[] {
  return [
    { field: 'status', plant: (id, raw) => void (order(id).status = raw) },
    { field: 'payment_status', plant: (id, raw) => void (order(id).payment_status = raw) },
    {
      field: 'packages.status',
      plant: (id, raw) => {
        const parcel = { id: 'p1', reference: null, tracking_number: 'T1', carrier: 'DHL', items: [] };
        order(id).packages.push({ ...parcel, status: raw });
      },
    },
  ];
}

function placed(fake: FakeAcmeShop, spec: OrderSpec): PlacedOrder {
  const currency = spec.currency ?? fake.state.currency;
  const order = fake.placeOrder({
    lines: spec.lines.map(({ quantity, unitPrice }, index) => ({
      variantId: fake.state.variants[index]?.id ?? '',
      quantity,
      unitPrice,
    })),
    currency,
    id: spec.externalId,
  });
  const minor = (text: string): number => moneyFromDecimal(text, currency).amount.minor;
  return {
    externalId: order.id,
    number: order.number,
    currency,
    totalMinor: minor(order.total),
    lines: order.items.map((item) => ({
      externalId: item.id,
      listingExternalId: item.variant_id ?? '',
      quantity: item.quantity,
      amountMinor: minor(item.amount),
    })),
  };
}

function webhooksOf(fake: FakeAcmeShop): WorldWebhooks {
  const request = (id: string, rawBody: Uint8Array, options?: { secret?: string; at?: Date }): WebhookRequest => {
    const headers = signedHeaders(fake.state, { id, body: Buffer.from(rawBody).toString('utf8') }, options);
    return { method: 'POST', url: 'http://127.0.0.1/hooks/shop', headers, rawBody };
  };
  return {
    sent: () => fake.state.events.map(({ id, body }) => request(id, Buffer.from(body))),
    sign: (rawBody, options) => request('evt_signed_by_hand', rawBody, options),
    redeliver: (sent) => request(sent.headers.get('acme-shop-event-id') ?? '', sent.rawBody),
    signatureHeader: 'acme-shop-signature',
    timestamp: {
      header: 'acme-shop-timestamp',
      toleranceMs: webhookToleranceMs,
      format: (at) => String(Math.floor(at.getTime() / 1000)),
    },
  };
}
