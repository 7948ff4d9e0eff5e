import { describe, expect, it } from 'vitest';
import { conformanceCases } from '../../src/connector-kit/conformance/index.ts';
import {
  ChannelFault,
  type AnyConnector,
  type ChannelOrder,
  type VerifiedWebhook,
  type WebhookRequest,
} from '../../src/connector-kit/index.ts';
import { sandboxHarness } from './harness.ts';
import { sandbox } from './index.ts';
import { byOffset, byTimeAlone, firstPageOnly, inMemory } from './plants/broken-paging.ts';
import {
  announcesWithoutReading,
  callsItAnOutage,
  cancelsTheDifference,
  knowsParcelsByLines,
  refundsWithoutReading,
  retriesBlindly,
} from './plants/broken-writes.ts';
import { toChannelOrder } from './plants/plain-order.ts';
import type { SandboxSettings } from './settings.ts';

const good: AnyConnector = sandbox;
const { orders } = sandbox;

type Plant = readonly [caseName: keyof typeof conformanceCases, what: string, connector: AnyConnector, message: RegExp];

const withOrders = (changed: Partial<AnyConnector['orders']>): AnyConnector => ({
  ...good,
  orders: { ...good.orders, ...changed },
});

const withShipments = (shipments: NonNullable<AnyConnector['shipments']>): AnyConnector => ({ ...good, shipments });

type Verify = (settings: SandboxSettings, request: WebhookRequest, now: Date) => VerifiedWebhook | null;

const verify: Verify = (settings, request, now) => sandbox.webhooks?.verify(settings, request, now) ?? null;
const withVerify = (broken: Verify): AnyConnector => ({ ...good, webhooks: { verify: broken } });

const rounded = (externalId: string): string => BigInt(Number(externalId)).toString();
const translated = (change: (order: ChannelOrder) => Partial<ChannelOrder>): AnyConnector =>
  withOrders({ toChannelOrder: (body) => ({ ...toChannelOrder(body), ...change(toChannelOrder(body)) }) });
/** What becomes of an amount with two decimals by way of a float. */
const floated = (minor: number): number => Math.trunc(Number((minor / 100).toFixed(2)) * 100);

const failingReads = (rewrite: (fault: ChannelFault) => Error): AnyConnector =>
  withOrders({
    pullOrders: (io, state, since) =>
      orders.pullOrders(io, state, since).catch((error: unknown) => {
        throw error instanceof ChannelFault ? rewrite(error) : error;
      }),
  });

const resigned = (request: WebhookRequest, signature: string): WebhookRequest => {
  const headers = new Headers(request.headers);
  headers.set('sandbox-signature', signature);
  return { ...request, headers };
};

let calls = 0;

const plants: readonly Plant[] = [
  ['paging', 'pages by offset', withOrders(byOffset), /never shown/],
  ['paging', 'pages by time alone', withOrders(byTimeAlone), /never shown/],
  ['paging', 'stops after the first page', withOrders(firstPageOnly), /never shown/],
  ['paging', 'misses later changes', withOrders({ pullOrders: firstSight() }), /last change/],
  ['crash', 'keeps its place in memory', withOrders(inMemory()), /never shown/],
  [
    'duplicate',
    'translates by the time of day',
    translated(() => ({ number: `N${(calls += 1)}` })),
    /two different orders/,
  ],
  [
    'duplicate',
    'makes a key of each delivery',
    withVerify(rekeyed((request) => request.headers.get('sandbox-timestamp'))),
    /dedupe keys/,
  ],
  ['duplicate', 'makes a key of the order alone', withVerify(rekeyed((_, { externalId }) => externalId)), /share/],
  [
    'reorder',
    'takes seconds for a version',
    withVersions((updatedMs) => String(Math.floor(updatedMs / 1000))),
    /not above/,
  ],
  ['reorder', 'drops the version of a webhook', withVerify(unversioned), /without a version/],
  ['signature', 'accepts any signature', withVerify(anySignature), /accepted: /],
  ['signature', 'compares only what is there', withVerify(prefixSignature), /accepted: /],
  [
    'signature',
    'ignores the signed time',
    withVerify((settings, request) => verify(settings, request, signedAt(request))),
    /tolerance/,
  ],
  ['signature', 'refuses what it cannot read', withVerify(refuseUnreadable), /cannot be read was refused/],
  [
    'faults',
    'loses Retry-After',
    failingReads(
      ({ reason }) => new ChannelFault(reason.kind === 'rate_limited' ? { ...reason, retryAfterMs: null } : reason),
    ),
    /lost Retry-After/,
  ],
  [
    'faults',
    'makes up a wait',
    failingReads(
      ({ reason }) =>
        new ChannelFault(
          reason.kind === 'rate_limited' ? { ...reason, retryAfterMs: reason.retryAfterMs ?? 1000 } : reason,
        ),
    ),
    /made up a wait/,
  ],
  [
    'faults',
    'calls an outage a rejection',
    failingReads((fault) =>
      fault.kind === 'unavailable' ? new ChannelFault({ kind: 'rejected', code: 'x', detail: 'x' }) : fault,
    ),
    /not unavailable/,
  ],
  ['faults', 'throws its own errors', failingReads(() => new TypeError('boom')), /not a ChannelFault/],
  [
    'silent',
    'tells its key',
    failingReads(({ reason }) => new ChannelFault(reason, 'refused for sandbox-key')),
    /holds a secret/,
  ],
  ['timeOut', 'announces without reading', withShipments(announcesWithoutReading), /not one package/],
  ['timeOut', 'retries blindly', withShipments(retriesBlindly), /succeeded although/],
  ['timeOut', 'knows parcels by their lines', withShipments(knowsParcelsByLines), /alike parcels/],
  ['timeOut', 'calls a lost answer an outage', withShipments(callsItAnOutage), /not outcome_unknown/],
  ['timeOut', 'refunds without reading', withOrders(refundsWithoutReading), /exactly once/],
  ['timeOut', 'cancels the cumulative quantity again', withOrders(cancelsTheDifference), /other units/],
  [
    'exactness',
    'reads ids as numbers',
    translated(({ externalId }) => ({ externalId: rounded(externalId) })),
    /externalId/,
  ],
  [
    'exactness',
    'gives every currency two decimals',
    translated((order) => ({ totalMinor: order.currency === 'JPY' ? order.totalMinor * 100 : order.totalMinor })),
    /totalMinor/,
  ],
  [
    'exactness',
    'reads amounts as floats',
    translated(({ lines }) => ({ lines: lines.map((line) => ({ ...line, amountMinor: floated(line.amountMinor) })) })),
    /lines of order/,
  ],
  ['exactness', 'forgets a discount', translated(() => ({ discounts: [] })), /add up/],
];

/** In the folders of vendure and custom, whose channels have what these cases need. */
const plantedElsewhere = new Set([
  'parts',
  'late',
  'sessions',
  'partialBatch',
  'stockOrder',
  'unknownWords',
  'split',
  'silent',
]);

describe('the conformance suite catches a connector that', () => {
  it.each(plants.map((plant) => [plant[1], plant] as const))('%s', async (_, [name, , connector, message]) => {
    await expect(conformanceCases[name].run({ ...sandboxHarness, connector })).rejects.toThrow(message);
  });

  it('has no webhooks only where they are needed: the other cases run over polled pages', async () => {
    const { webhooks: _, ...connector } = good;
    const lacking = Object.entries(conformanceCases).filter(([, { lacks }]) => lacks({ connector }) !== null);
    expect(lacking.map(([name]) => name)).toEqual(['late', 'signature']);
    const open: typeof sandboxHarness.open = async () => {
      const { webhooks: __, ...world } = await sandboxHarness.open();
      return world;
    };
    await conformanceCases.duplicate.run({ connector, open });
    await conformanceCases.reorder.run({ connector, open });
  });

  it('is planted at least twice for each case but crash', () => {
    const counts = new Map<string, number>();
    for (const [name] of plants) counts.set(name, (counts.get(name) ?? 0) + 1);
    const thin = Object.keys(conformanceCases)
      .filter((name) => !plantedElsewhere.has(name))
      .filter((name) => (counts.get(name) ?? 0) < (name === 'crash' ? 1 : 2));
    expect(thin).toEqual([]);
  });
});

/** Shows each order once and never again. */
function firstSight(): typeof orders.pullOrders {
  const shown = new Set<string>();
  return async (io, state, since) => {
    const page = await orders.pullOrders(io, state, since);
    const items = page.items.filter(({ externalId }) => !shown.has(externalId));
    for (const { externalId } of items) shown.add(externalId);
    return { ...page, items };
  };
}

function withVersions(rewrite: (updatedMs: number) => string): AnyConnector {
  const version = (body: string): string => rewrite(Date.parse(toChannelOrder(body).updatedAt ?? ''));
  return withOrders({
    readOrders: async (io, ids) =>
      (await orders.readOrders(io, ids)).map((document) => ({ ...document, version: version(document.body) })),
    toChannelOrder: (body) => ({ ...toChannelOrder(body), version: version(body) }),
  });
}

function rekeyed(key: (request: WebhookRequest, webhook: VerifiedWebhook) => string | null): Verify {
  return (settings, request, now) => {
    const webhook = verify(settings, request, now);
    return webhook === null ? null : { ...webhook, dedupeKey: key(request, webhook) ?? '' };
  };
}

function unversioned(settings: SandboxSettings, request: WebhookRequest, now: Date): VerifiedWebhook | null {
  const webhook = verify(settings, request, now);
  return webhook?.document ? { ...webhook, document: { ...webhook.document, version: null } } : webhook;
}

function anySignature(_: SandboxSettings, request: WebhookRequest): VerifiedWebhook {
  const { order } = JSON.parse(
    Buffer.from(request.rawBody)
      .toString()
      .replace(/"id":(\d{20})/g, '"id":"$1"'),
  );
  return { dedupeKey: 'key', topic: 'order', externalId: order.id, document: null };
}

function prefixSignature(settings: SandboxSettings, request: WebhookRequest, now: Date): VerifiedWebhook | null {
  const given = request.headers.get('sandbox-signature') ?? '';
  return verify(settings, given.length > 64 ? resigned(request, given.slice(0, 64)) : request, now);
}

function refuseUnreadable(settings: SandboxSettings, request: WebhookRequest, now: Date): VerifiedWebhook | null {
  const webhook = verify(settings, request, now);
  return webhook?.externalId === null ? null : webhook;
}

function signedAt(request: WebhookRequest): Date {
  return new Date(Number(request.headers.get('sandbox-timestamp')) * 1000);
}
