import { groupBy, manualClock, moneyFromDecimal } from '../../src/kernel/index.ts';
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
import { createSandbox, noFaults, serveSandbox, type Sandbox, type SandboxCharacter } from './fake/index.ts';
import { sandboxOf } from './sandbox-of.ts';
import { webhookToleranceMs } from './webhooks.ts';

const stockOfEach = 1_000_000;

const keyStays = 'an API key does not expire';
const splitsNone = 'this shop never splits an order';

/** What differs between the characters as far as the suite must know. */
type Role = {
  readonly lacking: Lacking;
  readonly start: string;
  /** Over real loopback HTTP; the others answer in this process. */
  readonly isServed: boolean;
  /** A secret of the settings and another that the shop does not know. */
  readonly wrong: Readonly<Record<string, string>>;
  readonly timestamp: WorldWebhooks['timestamp'];
};

const plainRole: Role = {
  lacking: { sessions: keyStays, splitOrder: splitsNone },
  start: '2026-03-01T08:00:00.000Z',
  isServed: false,
  wrong: { apiKey: 'not the key of this shop' },
  timestamp: {
    header: 'sandbox-timestamp',
    toleranceMs: webhookToleranceMs,
    format: (at) => String(Math.floor(at.getTime() / 1000)),
  },
};

const roles: Readonly<Record<SandboxCharacter, Role>> = {
  webhooks: { ...plainRole, isServed: true },
  poll_only: plainRole,
  masked: {
    ...plainRole,
    lacking: { sessions: 'the hub renews the access, not the connector', splitOrder: splitsNone },
    wrong: { appSecret: 'not the secret of this app' },
    timestamp: null,
  },
  // The clock on its wall is put back during the suite.
  self_hosted: { ...plainRole, start: '2026-10-25T00:10:00.000Z' },
  unit_lines: { ...plainRole, lacking: { sessions: keyStays } },
};

function harnessOf(character: SandboxCharacter): ConformanceHarness<Record<string, unknown>> {
  const { lacking } = roles[character];
  const connector = sandboxOf(character);
  const name = character === 'webhooks' ? connector.code : `${connector.code} (${character})`;
  return { connector, name, lacking, open: () => openWorld(character) };
}

/** Every character for the conformance suite. Its mischief is off: the suite brings its own. */
export const sandboxHarnesses = {
  webhooks: harnessOf('webhooks'),
  poll_only: harnessOf('poll_only'),
  masked: harnessOf('masked'),
  self_hosted: harnessOf('self_hosted'),
  unit_lines: harnessOf('unit_lines'),
} as const;

/** The one the program knows. */
export const sandboxHarness = sandboxHarnesses.webhooks;

async function openWorld(character: SandboxCharacter): Promise<ConformanceWorld<Record<string, unknown>>> {
  const role = roles[character];
  const clock = manualClock(new Date(role.start));
  const fake = createSandbox({ character, clock, rateLimit: { burst: 1_000_000, perSecond: 1_000 } });
  fake.setFaults(noFaults);
  for (const listing of fake.state.listings.filter(({ tracksStock }) => tracksStock)) {
    fake.setStock({ listingId: listing.id, quantity: stockOfEach });
  }
  const server = role.isServed ? await serveSandbox({ sandbox: fake }) : null;
  const settings = fake.settings(server?.origin ?? 'http://sandbox.test');
  let changes = 0;
  return {
    settings,
    wrongSettings: { ...settings, ...role.wrong },
    fetch: server === null ? (input, init) => fake.fetch(new Request(input, init)) : globalThis.fetch,
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
    saleableOf: (listingExternalId) => fake.saleable(listingExternalId),
    refuseStockOf(listingExternalId) {
      const listing = fake.state.listings.find(({ id }) => id === listingExternalId);
      if (listing !== undefined) listing.tracksStock = false;
    },
    unknownWords: unknownWords(fake).map(({ field, plant }) => ({
      field,
      plant(externalId, raw) {
        plant(externalId, raw);
        fake.annotateOrder(externalId, 'as shown from now on');
      },
    })),
    personalData: ['Ada Example', 'A**', '30 0000000', '*******0000', 'ada@example.org', 'Beispielweg 1'],
    ...(sandboxOf(character).webhooks === undefined ? {} : { webhooks: webhooksOf(fake, role.timestamp) }),
    ...(role.lacking.splitOrder === undefined ? { splitOrder: async (id) => splitByListing(fake, id) } : {}),
    close: async () => server?.close(),
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

/** As a marketplace does by warehouse: an order for each listing. */
function splitByListing(fake: Sandbox, externalId: string): string[] {
  const { lines } = fake.order(externalId);
  const groups = [...groupBy(lines, ({ listingId }) => listingId).values()];
  const parts = fake.splitOrder(externalId, { groups: groups.map((own) => own.map(({ id }) => id)) });
  return parts.map(({ id }) => id);
}

/** Every word of the vendor's that codes.ts has a table for. */
function unknownWords(fake: Sandbox): UnknownWord[] {
  const at = (): string => fake.clock.now().toISOString();
  return [
    { field: 'payment_status', plant: (id, raw) => void (fake.order(id).oddStatus = raw) },
    { field: 'risk', plant: (id, raw) => void Object.assign(fake.order(id), { risk: raw }) },
    { field: 'payments.status', plant: (id, raw) => void Object.assign(fake.order(id).payment, { status: raw }) },
    {
      field: 'fulfilments.status',
      plant: (id, raw) => {
        const parcel = { id: '7', reference: null, trackingNumber: 'T', carrier: 'C', trackingUrl: null, lines: [] };
        fake.order(id).fulfilments.push(Object.assign({ ...parcel, shippedAt: at() }, { status: raw }) as never);
      },
    },
    {
      field: 'discounts.funded_by',
      plant: (id, raw) => fake.order(id).discounts.forEach((each) => Object.assign(each, { fundedBy: raw })),
    },
  ];
}

function webhooksOf(fake: Sandbox, timestamp: WorldWebhooks['timestamp']): WorldWebhooks {
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
    timestamp,
  };
}
