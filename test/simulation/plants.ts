import { ChannelFault, requestJson, type AnyConnector, type ConnectorIo } from '../../src/connector-kit/index.ts';
import { openReception, type Reception } from '../../src/inbound/index.ts';
import { wireMarkers } from '../../src/main/markers.ts';
import { sandboxes, type Pieces } from './bench.ts';
import { faultKinds, type FaultLevels } from './faults.ts';
import type { Emphasis } from './simulate.ts';
import { productLanes } from './staff.ts';

/** A product with one bug in it, and what the simulation should say of it. */
export type Plant = {
  readonly bug: string;
  readonly pieces: Partial<Pieces>;
  /** What the runs have much of, so that few of them are needed. */
  readonly emphasis?: Emphasis;
  readonly finds: RegExp;
};

/** Every call is heard, and of many that write the caller never learns it. */
const unheard: FaultLevels = {
  ...Object.fromEntries(faultKinds.map((kind) => [kind, 0])),
  'process.killed_after_a_call': 1.5,
  'channel.no_answer_after': 1.5,
};

/** Bugs that others have had, each in the one piece that it would stand in. */
export const plants: readonly Plant[] = [
  {
    bug: 'a change of stock that makes no listing due',
    pieces: { markers: wireMarkers(sandboxes).filter(({ name }) => name !== 'wanted_versions') },
    finds: /listings\.show_the_wanted_quantity|shows/,
  },
  {
    bug: 'a signature that is checked over the trimmed text of a body and not over its bytes',
    pieces: { connectors: everywhere(verifyTrimmed) },
    emphasis: { faults: { 'webhook.forged': 2 } },
    finds: /a forged webhook was answered 202/,
  },
  {
    bug: 'a refund that is sent without looking whether it is there',
    pieces: { connectors: everywhere(refundBlindly) },
    emphasis: { faults: unheard, actions: { order: 25, refundHere: 20, tick: 30 } },
    finds: /refund .* was done twice/,
  },
  {
    bug: 'a number that is not told because it equals the last one told',
    pieces: { connectors: everywhere(skipEqualNumbers) },
    finds: /listings\.show_the_wanted_quantity|shows/,
  },
  {
    bug: 'a webhook that is answered before it is stored',
    // A forged one is answered too, and found as such.
    emphasis: { faults: { 'webhook.forged': 0 } },
    pieces: {
      receptionOf: (deps): Reception => {
        const receive = openReception(deps);
        return (key, request) => {
          void receive(key, request).catch(() => undefined);
          return Promise.resolve({ status: 202, body: { code: 'hook.stored' }, headers: {} });
        };
      },
    },
    finds: /was acknowledged and is not in the inbox/,
  },
];

/** Decides by the machine's own clock, which differs from run to run. */
export const wallClockPlant: Partial<Pieces> = {
  lanesOf: (deps) =>
    productLanes(deps).map((kind) => ({
      ...kind,
      drain: (name, lease) =>
        Math.floor(performance.now() * 1_000) % 2 === 0 ? Promise.resolve('empty') : kind.drain(name, lease),
    })),
};

function everywhere(plant: (connector: AnyConnector) => AnyConnector): Pieces['connectors'] {
  return new Map([...sandboxes].map(([code, connector]) => [code, plant(connector)]));
}

function verifyTrimmed(connector: AnyConnector): AnyConnector {
  const { webhooks } = connector;
  if (webhooks === undefined) return connector;
  return {
    ...connector,
    webhooks: {
      ...webhooks,
      verify(settings, request, now) {
        const rawBody = Buffer.from(Buffer.from(request.rawBody).toString().trim());
        return webhooks.verify(settings, { ...request, rawBody }, now);
      },
    },
  };
}

function refundBlindly(connector: AnyConnector): AnyConnector {
  if (connector.code === 'sandbox-masked') return connector;
  return {
    ...connector,
    orders: {
      ...connector.orders,
      refundOrder: (io, command) =>
        post(io, `/api/orders/${command.orderExternalId}/refunds`, {
          amount: (command.amountMinor / 100).toFixed(2),
          currency: command.currency,
          reason: command.reason,
          request_id: command.requestId,
          lines: [],
          if_version: null,
        }),
    },
  };
}

async function post(io: ConnectorIo<unknown>, path: string, body: unknown): Promise<{ externalId: string }> {
  const settings = Object(io.settings) as { baseUrl: string; apiKey: string };
  const headers = { authorization: `Bearer ${settings.apiKey}` };
  const url = new URL(path, settings.baseUrl).href;
  const { json } = await requestJson(io, { method: 'POST', url, intent: 'write', headers, body });
  const id: unknown = Object(json).id;
  if (id === undefined) throw new ChannelFault({ kind: 'outcome_unknown' });
  return { externalId: String(id) };
}

function skipEqualNumbers(connector: AnyConnector): AnyConnector {
  const { stock } = connector;
  const pushStock = stock?.pushStock?.bind(stock);
  if (stock === undefined || pushStock === undefined) return connector;
  const told = new Map<string, number>();
  return {
    ...connector,
    stock: {
      ...stock,
      async pushStock(io, pushes) {
        const fresh = pushes.filter(({ listingExternalId, quantity }) => told.get(listingExternalId) !== quantity);
        const results = fresh.length === 0 ? [] : await pushStock(io, fresh);
        for (const { listingExternalId, quantity } of fresh) told.set(listingExternalId, quantity);
        const skipped = pushes.filter((push) => !fresh.includes(push));
        return [
          ...results,
          ...skipped.map(({ listingExternalId }) => ({ listingExternalId, outcome: 'told' as const })),
        ];
      },
    },
  };
}
