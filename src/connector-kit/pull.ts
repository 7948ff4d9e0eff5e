/** A raw document as the channel sent it, before any meaning is read into it. `body` is exact JSON text. */
export type RawDocument = {
  /** The external id of the order (or listing) it describes. */
  readonly externalId: string;
  readonly body: string;
  /** The channel's own version where trustworthy, as in ChannelOrder.version. */
  readonly version: string | null;
};

/** `next` is the connector's own paging state, stored by the hub and opaque to it; null when there is no more for now. */
export type Pull<Item, State> = {
  readonly items: readonly Item[];
  readonly next: State | null;
  /** The state to start from at the next poll, once `next` is null. Held with the page in one transaction. */
  readonly resume: State;
};

/** What the vendor's listing does, in words the hub and the README's table can use. */
export type PullDescriptor = {
  readonly pageSizeMax: number;
  readonly firstPage: 'offset' | 'cursor' | 'keyset';
  readonly direction: 'ascending' | 'descending';
  /** How far each poll reads back behind its watermark, because the vendor's clock or index lags. */
  readonly overlapMs: number;
  /** The longest span one query may cover, or null. */
  readonly windowMs: number | null;
  /** How late a change may appear. */
  readonly lagMs: number;
};
