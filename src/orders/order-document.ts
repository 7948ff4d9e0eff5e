import type { ChannelOrder } from '../connector-kit/index.ts';
import type { InboxEventId } from '../kernel/index.ts';

/** What a channel said about one order, translated, with what decides whether it is news. */
export type OrderDocument = {
  readonly order: ChannelOrder;
  /** The raw message it came from; null for orders that no message brought. */
  readonly inboxEventId: InboxEventId | null;
  /** Hash of the raw document. */
  readonly documentHash: Uint8Array;
  /** Postgres's clock when the read of it began. */
  readonly readStartedAt: Date;
  /** The channel's own version as decimal text, only where it is trustworthy. */
  readonly sourceVersion: string | null;
  /** A person asked for a message to be translated again: it counts even though the order stands by the same bytes. */
  readonly isReplay?: true;
};

/** The order as its document describes it, and one line of it. */
export type SoldOrder = OrderDocument['order'];
export type SoldLine = SoldOrder['lines'][number];
