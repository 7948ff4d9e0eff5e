import type { ChannelListing, ChannelOrder } from '../../../src/connector-kit/index.ts';

/** What the store shows for one listing: the number of the highest version it was told. */
type StoreStock = { readonly quantity: number; readonly version: string };

/** One attempt of the hub to tell the store something, and what the store did. */
export type StoreReceipt = {
  readonly id: string;
  readonly type: string;
  readonly outcome: 'applied' | 'repeated' | 'failed' | 'unsigned';
  readonly status: number;
};

export type StoreState = {
  readonly listings: Map<string, ChannelListing>;
  readonly orders: Map<string, ChannelOrder>;
  readonly stock: Map<string, StoreStock>;
  /** Ids of messages that were taken: a repeat changes nothing. */
  readonly taken: Set<string>;
  /** Every attempt that arrived, oldest first. */
  readonly receipts: StoreReceipt[];
};

/** Everything that can be switched to go wrong. Counts run down by themselves; the rest stays until changed. */
export type StoreFaults = {
  /** Every message is answered so, before any work: 500, 503, 410 … */
  status: number | null;
  latencyMs: number;
  /** So many messages are applied, and the answer says that nobody knows. */
  loseAnswers: number;
  /** A stock message that names one of these is refused whole: the store's code trips over it. */
  poison: ReadonlySet<string>;
  /** How far the store's clock is off, both for what it signs and for what it believes. */
  clockSkewMs: number;
};

export const noFaults: StoreFaults = {
  status: null,
  latencyMs: 0,
  loseAnswers: 0,
  poison: new Set(),
  clockSkewMs: 0,
};
