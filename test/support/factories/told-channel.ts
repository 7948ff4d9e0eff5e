import type {
  AnnounceCommand,
  AnyConnector,
  CancelCommand,
  ChannelFault,
  RefundCommand,
  StockPush,
  StockPushResult,
} from '../../../src/connector-kit/index.ts';
import { createPlainChannel, type PlainChannel } from './plain-channel.ts';

export type Refusal = { readonly code: string; readonly detail: string };

export type ToldChannel = PlainChannel & {
  /** Every write that arrived, faulted ones included. */
  readonly told: {
    readonly announced: AnnounceCommand[];
    readonly cancels: CancelCommand[];
    readonly refunds: RefundCommand[];
    readonly pushes: (readonly StockPush[])[];
    readonly readBacks: (readonly string[])[];
  };
  /** Scripts: the next writes answer so; beyond the script they succeed. */
  readonly writeFaults: (ChannelFault | null)[];
  /** Listings whose push is refused alone. */
  readonly refusedListings: Map<string, Refusal>;
  /** Listings that the answer to a push leaves out. */
  readonly unanswered: Set<string>;
  /** What a buyer can buy, by listing: what was told, until a test writes another number. */
  readonly shown: Map<string, number>;
  /** Runs while a write is on its way. */
  duringWrite: () => Promise<void>;
  meaning: 'saleable' | 'on_hand';
  reset(): void;
};

/** The plain channel with everything that can be told to one: packages, cancels, refunds and stock, as scripted. */
export function createToldChannel(): ToldChannel {
  const plain = createPlainChannel();
  const facts = {
    ...plain,
    told: { announced: [], cancels: [], refunds: [], pushes: [], readBacks: [] } as ToldChannel['told'],
    writeFaults: [] as ToldChannel['writeFaults'],
    refusedListings: new Map<string, Refusal>(),
    unanswered: new Set<string>(),
    shown: new Map<string, number>(),
    duringWrite: () => Promise.resolve(),
    meaning: 'saleable' as ToldChannel['meaning'],
  };
  const channel: ToldChannel = Object.assign(facts, {
    connector: withWrites(plain.connector, () => channel),
    reset: () => {
      for (const list of [...Object.values(facts.told), facts.writeFaults, facts.faults]) list.length = 0;
      for (const each of [facts.refusedListings, facts.unanswered, facts.shown, facts.orders]) each.clear();
      Object.assign(channel, { duringWrite: () => Promise.resolve(), meaning: 'saleable' });
    },
  });
  return channel;
}

function withWrites(connector: AnyConnector, channelOf: () => ToldChannel): AnyConnector {
  const write = async <Command>(kept: Command[], command: Command): Promise<string> => {
    const channel = channelOf();
    kept.push(command);
    await channel.duringWrite();
    const fault = channel.writeFaults.shift() ?? null;
    if (fault !== null) throw fault;
    return `written-${kept.length}`;
  };
  return {
    ...connector,
    orders: {
      ...connector.orders,
      cancelOrder: async (_io, command) => void (await write(channelOf().told.cancels, command)),
      refundOrder: async (_io, command) => ({ externalId: await write(channelOf().told.refunds, command) }),
    },
    shipments: {
      announceShipment: async (_io, command) => ({ externalId: await write(channelOf().told.announced, command) }),
    },
    stock: {
      get meaning() {
        return channelOf().meaning;
      },
      pushBatchMax: 100,
      readBatchMax: 100,
      async pushStock(_io, pushes) {
        await write(channelOf().told.pushes, pushes);
        return pushes
          .filter((push) => !channelOf().unanswered.has(push.listingExternalId))
          .map((push) => resultOf(channelOf(), push));
      },
      readStock(_io, listingExternalIds) {
        const { told, shown } = channelOf();
        told.readBacks.push(listingExternalIds);
        return Promise.resolve(
          listingExternalIds.flatMap((listingExternalId) => {
            const saleable = shown.get(listingExternalId);
            return saleable === undefined ? [] : [{ listingExternalId, saleable, locations: [] }];
          }),
        );
      },
    },
  };
}

function resultOf(channel: ToldChannel, { listingExternalId, quantity }: StockPush): StockPushResult {
  const refusal = channel.refusedListings.get(listingExternalId);
  if (refusal !== undefined) return { listingExternalId, outcome: 'failed', ...refusal };
  channel.shown.set(listingExternalId, quantity);
  return { listingExternalId, outcome: 'told' };
}
