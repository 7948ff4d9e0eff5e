import assert from 'node:assert/strict';
import { ChannelFault, type ChannelFaultKind } from '../channel-fault.ts';
import type { AnyConnector, ConnectorIo } from '../connector.ts';
import type { RawDocument } from '../pull.ts';
import { channelOrder, type ChannelOrder } from '../models/order.ts';
import { chaosFetch, type ChaosFetch } from '../testing/chaos-fetch.ts';
import type { ConformanceHarness, ConformanceWorld, OptionalPart } from './harness.ts';
import { witness } from './witness.ts';

/** An opened world with the connector, the chaos layer and the hub's side of a call. */
export type Bench = {
  readonly connector: AnyConnector;
  readonly world: ConformanceWorld;
  readonly chaos: ChaosFetch;
  /** Every line that the connector has logged so far, its fields as JSON. */
  readonly logged: readonly string[];
  /** Every credential, token and signature that a request or an answer has carried so far. */
  readonly carried: ReadonlySet<string>;
  /** A time before everything that happens in the world. */
  readonly since: Date;
  io(settings?: unknown): ConnectorIo<unknown>;
  /**
   * Reads one order again and gives its document; of a channel that cannot be asked, the last document it pushed. Fails when
   * there is none.
   */
  read(externalId: string): Promise<RawDocument>;
  translate(document: RawDocument): ChannelOrder;
};

/** Opens a world, runs, closes it whatever happens. */
export async function onBench(harness: ConformanceHarness, run: (bench: Bench) => Promise<void>): Promise<void> {
  const world = await harness.open();
  try {
    await run(makeBench(harness.connector, world));
  } finally {
    await world.close();
  }
}

function makeBench(connector: AnyConnector, world: ConformanceWorld): Bench {
  const chaos = chaosFetch(world.fetch, (request) => world.isWrite(request));
  const since = new Date(world.now().getTime() - 60_000);
  const logged: string[] = [];
  const { fetch, carried } = witness(chaos.fetch);
  const note = (fields: object, message: string): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const io = (settings: unknown = world.settings): ConnectorIo<unknown> => ({
    settings,
    fetch,
    now: world.now(),
    signal: new AbortController().signal,
    log: { debug: note, warn: note },
  });
  return {
    connector,
    world,
    chaos,
    logged,
    carried,
    since,
    io,
    async read(externalId) {
      const { orders } = connector;
      if (orders.readOrders === undefined) {
        const pushed = pushedDocuments(connector, world).findLast((each) => each.externalId === externalId);
        return pushed ?? assert.fail(`no webhook brought a document of order ${externalId}`);
      }
      const documents = await orders.readOrders(io(), [externalId]);
      const found = documents.filter((document) => document.externalId === externalId);
      assert.equal(found.length, 1, `readOrders gave ${found.length} documents for order ${externalId}, not one`);
      return found[0] ?? assert.fail();
    },
    translate: (document) => channelOrder.parse(connector.orders.toChannelOrder(document.body, world.settings)),
  };
}

/** An optional part of the world; the case that needs it runs only where the harness does not say that the channel lacks it. */
export function partOf<Part>(name: OptionalPart | 'saleableOf', found: Part | undefined): Part {
  return found ?? assert.fail(`the harness has no ${name}, and does not say why (lacking)`);
}

/** What the channel has pushed so far, oldest first, each signed anew at the world's clock. */
export function pushedDocuments(connector: AnyConnector, world: ConformanceWorld): RawDocument[] {
  const { webhooks } = world;
  return (webhooks?.sent() ?? []).flatMap((sent) => {
    const request = webhooks?.redeliver(sent);
    const verified = request && connector.webhooks?.verify(world.settings, request, world.now());
    return verified?.topic === 'order' && verified.document !== null ? [verified.document] : [];
  });
}

/** Runs a call that must fail, and only with a ChannelFault of this kind; gives the fault. */
export async function expectFault(
  kind: ChannelFaultKind,
  what: string,
  call: () => Promise<unknown>,
): Promise<ChannelFault> {
  try {
    await call();
  } catch (error) {
    assert.ok(error instanceof ChannelFault, `${what} threw ${String(error)}, not a ChannelFault`);
    assert.equal(error.kind, kind, `${what} reported ${error.kind}, not ${kind}`);
    return error;
  }
  assert.fail(`${what} succeeded where it must report ${kind}`);
}
