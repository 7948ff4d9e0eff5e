import { describe, expect, it } from 'vitest';
import { conformanceCases } from '../../src/connector-kit/conformance/index.ts';
import type {
  AnyConnector,
  ChannelOrder,
  StockPush,
  StockPushResult,
  VerifiedWebhook,
  WebhookRequest,
} from '../../src/connector-kit/index.ts';
import type { CustomIo } from './client.ts';
import { customHarness } from './harness.ts';
import { custom } from './index.ts';
import { orders } from './orders.ts';
import type { CustomSettings } from './settings.ts';
import { stock } from './stock.ts';
import { webhooks } from './webhooks.ts';

const good: AnyConnector = custom;
const dayMs = 24 * 3_600_000;

type Plant = readonly [caseName: keyof typeof conformanceCases, what: string, connector: AnyConnector, message: RegExp];

type Change = (webhook: VerifiedWebhook, request: WebhookRequest, now: Date) => VerifiedWebhook | null;

const withVerify = (change: Change): AnyConnector => ({
  ...good,
  webhooks: {
    ...webhooks,
    verify: (settings: CustomSettings, request, now) => {
      const webhook = webhooks.verify(settings, request, now);
      return webhook === null ? null : change(webhook, request, now);
    },
  },
});

const translated = (change: (order: ChannelOrder) => Partial<ChannelOrder>): AnyConnector => ({
  ...good,
  orders: {
    ...good.orders,
    toChannelOrder: (body: string, settings: CustomSettings) => {
      const order = orders.toChannelOrder(body, settings);
      return { ...order, ...change(order) };
    },
  },
});

const plants: readonly Plant[] = [
  [
    'late',
    'takes the arrival for the time it was told',
    withVerify((webhook, _, now) => ({ ...webhook, toldAt: now })),
    /not the event that it was/,
  ],
  [
    'late',
    'refuses what happened days ago',
    withVerify((webhook, _, now) => (now.getTime() - Number(webhook.toldAt ?? 0) > dayMs ? null : webhook)),
    /because its event is old/,
  ],
  [
    'late',
    'cannot tell two documents apart by age',
    withVerify(({ toldAt: _, ...webhook }) => ({
      ...webhook,
      document: webhook.document && { ...webhook.document, version: null },
    })),
    /told apart by age/,
  ],
  [
    'split',
    'forgets what an order is part of',
    translated(() => ({ partOfExternalId: null })),
    /does not name the order/,
  ],
  [
    'split',
    'shows the parts with the money of the whole',
    translated(({ partOfExternalId, totalMinor }) => ({
      totalMinor: totalMinor + (partOfExternalId === null ? 0 : 1),
    })),
    /do not sum/,
  ],
  [
    'stockOrder',
    'tells the store one version for every number',
    { ...good, stock: { ...stock, pushStock: unversioned } },
    /not shown as it was told/,
  ],
  [
    'signature',
    'takes the word of an unsigned header',
    withVerifyOf((request) => request.headers.get('webhook-signature')?.startsWith('v1,') ?? false),
    /accepted: /,
  ],
  [
    'signature',
    'takes any signature of several',
    anyOfSeveral(),
    /accepted: a (good signature behind|signature twice)/,
  ],
];

describe('the conformance suite catches a connector that', () => {
  it.each(plants.map((plant) => [plant[1], plant] as const))('%s', async (_, [name, , connector, message]) => {
    await expect(conformanceCases[name].run({ ...customHarness, connector })).rejects.toThrow(message);
  });
});

function unversioned(io: CustomIo, pushes: readonly StockPush[]): Promise<readonly StockPushResult[]> {
  return stock.pushStock(
    io,
    pushes.map((push) => ({ ...push, version: '1' })),
  );
}

/** Anything goes where the header looks well. */
function withVerifyOf(isWell: (request: WebhookRequest) => boolean): AnyConnector {
  return {
    ...good,
    webhooks: {
      ...webhooks,
      verify: (settings: CustomSettings, request, now) => {
        const id = request.headers.get('webhook-id') ?? '';
        const known = webhooks.verify(settings, request, now);
        if (known !== null || !isWell(request)) return known;
        return { dedupeKey: id, topic: 'order', externalId: null, document: null };
      },
    },
  };
}

/** As HTTP joins headers that come twice. */
function anyOfSeveral(): AnyConnector {
  const header = 'webhook-signature';
  return {
    ...good,
    webhooks: {
      ...webhooks,
      verify: (settings: CustomSettings, request, now) => {
        const signatures = (request.headers.get(header) ?? '').split(', ');
        const tries = signatures.map((signature) => {
          const headers = new Headers(request.headers);
          headers.set(header, signature);
          return webhooks.verify(settings, { ...request, headers }, now);
        });
        return tries.find((each) => each !== null) ?? null;
      },
    },
  };
}
