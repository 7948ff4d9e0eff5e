import type { z } from 'zod';
import type { DeliveryAttempt } from './deliver.ts';
import type { ConnectorFacts } from './facts.ts';
import type { ChannelListing, ChannelLocation, ChannelStock } from './models/listing.ts';
import type { ChannelOrder } from './models/order.ts';
import type { Pull, PullDescriptor, RawDocument } from './pull.ts';

/** Allow-listed facts only: ids, counts, durations. The hub redacts nothing that a connector chose to log. */
export type ConnectorLog = {
  debug(fields: Readonly<Record<string, string | number | boolean | null>>, message: string): void;
  warn(fields: Readonly<Record<string, string | number | boolean | null>>, message: string): void;
};

/** All that a connector may touch of the world. `fetch` is the hub's guarded one, bound to the shop. */
export type ConnectorIo<Settings> = {
  readonly settings: Settings;
  readonly fetch: typeof globalThis.fetch;
  /** The hub's clock at the start of the call. */
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly log: ConnectorLog;
  /** Where every attempt to deliver a message is noted; the hub keeps a log of them for channels with `deliveries`. */
  readonly noteDelivery?: (attempt: DeliveryAttempt) => void;
};

export type OrdersCapability<Settings, State> = {
  readonly pull: PullDescriptor;
  /** True where the change clock lies, so open orders are read again by id (`read`). */
  readonly rereadOpen: boolean;
  /**
   * One page of new and changed orders. `state` null starts at `since` (UTC). A page that shifts while it is read must not
   * lose a row: overlap, keyset, or both.
   */
  pullOrders(io: ConnectorIo<Settings>, state: State | null, since: Date): Promise<Pull<RawDocument, State>>;
  /** Reads orders again by external id; one that the channel no longer has is missing from the answer. At most 50 ids. */
  readOrders(io: ConnectorIo<Settings>, externalIds: readonly string[]): Promise<readonly RawDocument[]>;
  /** How many orders the channel has since a time, for the slow sweep; absent where the channel cannot count. */
  countOrders?(io: ConnectorIo<Settings>, since: Date): Promise<number>;
  /** Pure: a stored document, webhook or poll, into our words. Throws ChannelFault `unknown_code`. */
  toChannelOrder(body: string, settings: Settings): ChannelOrder;
  /**
   * Pure: the document, for `toChannelOrder` to read, of an order told in our own words. Present where the API takes such
   * orders: the seller's own store.
   */
  fromChannelOrder?(order: ChannelOrder): RawDocument;
  /** Cancels what the channel still lets us cancel, after reading the order: what is cancelled already is success. */
  cancelOrder?(io: ConnectorIo<Settings>, command: CancelCommand): Promise<void>;
  /**
   * Asks the channel to pay money back. The answer is the refund's external id. The connector reads the order first and
   * answers with the refund that already carries this request's id.
   */
  refundOrder?(io: ConnectorIo<Settings>, command: RefundCommand): Promise<{ externalId: string }>;
};

type Without<Capability, Keys extends keyof Capability> = Omit<Capability, Keys> & Partial<Pick<Capability, Keys>>;

/**
 * The same where a channel may only push its orders, by webhook or through the API: it cannot be polled, or not even asked for
 * one order, and what it acknowledges counts as shown.
 */
export type PushedOrdersCapability<Settings, State = never> = Without<
  OrdersCapability<Settings, State>,
  'pull' | 'pullOrders' | 'readOrders'
>;

export type CancelCommand = {
  readonly orderExternalId: string;
  /**
   * Null: the whole order. `quantity` is cumulative: units of the line that shall be cancelled in all, as in
   * ChannelOrderLine.cancelledQuantity. The connector reads the order and cancels the difference, so a repeat does nothing.
   */
  readonly lines: readonly { readonly lineExternalId: string; readonly quantity: number }[] | null;
  readonly reason: string;
  /** Ours, stable over retries: tells asking again from repeating. */
  readonly requestId?: string;
};

export type RefundCommand = {
  readonly orderExternalId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string;
  readonly lines: readonly { readonly lineExternalId: string; readonly quantity: number }[];
  /** Ours, stable over retries: a channel with idempotency keys gets it. */
  readonly requestId: string;
};

export type ListingsCapability<Settings, State> = {
  readonly pull: PullDescriptor;
  pullListings(io: ConnectorIo<Settings>, state: State | null): Promise<Pull<ChannelListing, State>>;
  /** Pure: a webhook's document of topic `listing` into our words. Throws ChannelFault `unknown_code`. */
  toChannelListing?(body: string, settings: Settings): ChannelListing;
  /** As `orders.fromChannelOrder`. */
  fromChannelListing?(listing: ChannelListing): RawDocument;
};

/** The same where the channel may tell its listings by itself. */
export type PushedListingsCapability<Settings, State = never> = Without<
  ListingsCapability<Settings, State>,
  'pull' | 'pullListings'
>;

export type StockPush = {
  readonly listingExternalId: string;
  /**
   * Absolute. For `saleable` what a buyer may buy; for `on_hand` that plus the units of this shop's orders which the
   * channel still subtracts by itself.
   */
  readonly quantity: number;
  /**
   * What each location should offer, for channels that count by location. Sums to `quantity` for `saleable`; for `on_hand`
   * the rest of `quantity` belongs where the channel subtracts it. Empty where the shop has no locations.
   */
  readonly locations: readonly { readonly locationExternalId: string; readonly quantity: number }[];
  /** Rises with every change of the number; a channel with compare-and-set or ordering keys gets it. */
  readonly version: string;
  /**
   * From `readStockVersions`: the channel takes the number only while the listing's stock is still what it was then. Absent
   * where the channel cannot compare, or did not know the listing.
   */
  readonly ifVersion?: string;
};

export type StockPushResult =
  | { readonly listingExternalId: string; readonly outcome: 'told' }
  | { readonly listingExternalId: string; readonly outcome: 'failed'; readonly code: string; readonly detail: string };

export type StockCapability<Settings> = {
  readonly meaning: 'saleable' | 'on_hand';
  readonly pushBatchMax: number;
  readonly readBatchMax: number;
  listLocations?(io: ConnectorIo<Settings>): Promise<readonly ChannelLocation[]>;
  /** Sets numbers. One bad listing does not fail the others: each gets its own result, in any order. */
  pushStock(io: ConnectorIo<Settings>, pushes: readonly StockPush[]): Promise<readonly StockPushResult[]>;
  /** Reads back what a buyer can buy now. */
  readStock(io: ConnectorIo<Settings>, listingExternalIds: readonly string[]): Promise<readonly ChannelStock[]>;
  /**
   * Present where the channel has compare-and-set: the version of each listing's stock, opaque, which every sale, cancel and
   * setting changes. The hub reads it before the orders that a number counts in, so that a sale in between refuses the push
   * (a result `failed` with code `conflict`) instead of being undone by it. At most `readBatchMax` ids.
   */
  readStockVersions?(
    io: ConnectorIo<Settings>,
    listingExternalIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>>;
};

/** The same where the channel may not be readable: an acknowledged number then counts as shown. */
export type ToldStockCapability<Settings> = Without<StockCapability<Settings>, 'readBatchMax' | 'readStock'>;

export type AnnounceCommand = {
  readonly orderExternalId: string;
  /** Ours, stable over retries and unique per (shipment, order): kept on the channel where it has a place for it. */
  readonly packageReference: string;
  readonly trackingNumber: string;
  readonly carrier: string;
  readonly trackingUrl: string | null;
  readonly shippedAt: Date;
  readonly lines: readonly { readonly lineExternalId: string; readonly quantity: number }[];
};

export type ShipmentsCapability<Settings> = {
  /**
   * Shows one package of one order on the channel as shipped. The connector reads the order first and answers with the
   * package that is already there when the same one is found (DESIGN §3: a read before any retry).
   */
  announceShipment(io: ConnectorIo<Settings>, command: AnnounceCommand): Promise<{ externalId: string }>;
};

export type WebhookRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly rawBody: Uint8Array;
};

export type VerifiedWebhook = {
  /** Unique per delivery of one event on this shop: a redelivery has the same key. */
  readonly dedupeKey: string;
  readonly topic: 'order' | 'listing' | 'stock' | 'ignored';
  /** The order (or listing) it is about, or null where the body could not be read. */
  readonly externalId: string | null;
  /**
   * The whole document where the webhook carries one that can be ordered, by a trustworthy version or by `toldAt`; otherwise
   * null and the hub re-reads.
   */
  readonly document: RawDocument | null;
  /** When it was so by the channel's own clock, for channels that cannot be read: takes the place of the time of arrival. */
  readonly toldAt?: Date;
  /** A cancel told without the order, of which the channel cannot be asked. */
  readonly cancel?: { readonly cancelledAt: string; readonly reason: string | null };
};

export type WebhooksCapability<Settings> = {
  /**
   * Checks the raw bytes; null means a bad signature (401, nothing stored). A well-signed body that cannot be read is
   * answered with externalId null and its hash as the key: it is stored and parked.
   */
  verify(settings: Settings, request: WebhookRequest, now: Date): VerifiedWebhook | null;
  /** Registers the hub's address at the channel, again if need be. */
  register?(io: ConnectorIo<Settings>, url: string): Promise<void>;
  /** Pure but for chance: settings with a new signing secret. The one before it stays good until `previousUntil`. */
  rotateSecret?(settings: Settings, previousUntil: Date): { readonly settings: Settings; readonly secret: string };
};

/**
 * A channel that is told by messages which it takes once each, by an id that is stable over retries: a message whose outcome is
 * unknown is sent again, on this schedule. Every attempt is logged.
 */
export type DeliveriesCapability = {
  /** The wait before the second attempt of a message, before the third, and so on. */
  readonly retryDelaysMs: readonly number[];
};

/** `ok` with what was seen, or the fault that `connect` should show. */
export type ConnectionReport = {
  readonly shopName: string;
  readonly currency: string;
  readonly timeZone: string | null;
};

/** For channels whose access ends by itself and is renewed with a credential that the renewal replaces. */
export type RenewalCapability<Settings> = {
  /** From when on the access should be renewed: well before it ends. */
  dueAt(settings: Settings): Date;
  /**
   * Asks for new access. The answer is the settings to go on with, which the hub stores before anything else is called. Where
   * the answer was lost, or came and could not be stored, the same call with the same settings must be safe to repeat as far as
   * the channel allows it. Fault `unauthorised` where only a person can sign in again.
   */
  renew(io: ConnectorIo<Settings>): Promise<Settings>;
};

/**
 * Everything the hub knows about a channel. A capability exists when its key exists; there are no stubs.
 * `settings` is a zod object; fields marked by `secret()` are encrypted, write-only and never logged.
 */
export type Connector<Settings = unknown, OrderState = unknown, ListingState = unknown> = {
  readonly code: string;
  readonly label: { readonly en: string; readonly zh: string };
  readonly settings: z.ZodType<Settings>;
  /** The origin all calls go to, from the settings: what the outgoing guard is told to allow. */
  origin(settings: Settings): string;
  /** A live test: signs in, names the shop. */
  check(io: ConnectorIo<Settings>): Promise<ConnectionReport>;
  readonly orders: PushedOrdersCapability<Settings, OrderState>;
  readonly listings?: PushedListingsCapability<Settings, ListingState>;
  readonly stock?: ToldStockCapability<Settings>;
  readonly shipments?: ShipmentsCapability<Settings>;
  readonly webhooks?: WebhooksCapability<Settings>;
  readonly deliveries?: DeliveriesCapability;
  readonly renewal?: RenewalCapability<Settings>;
  readonly facts?: ConnectorFacts;
};

/** A connector whose own types the hub has forgotten; states are JSON, settings came out of `settings.parse`. */
// oxlint-disable-next-line typescript/no-explicit-any -- the one place where a connector's own types are erased
export type AnyConnector = Connector<any, any, any>;

export function defineConnector<
  Settings,
  OrderState,
  ListingState = never,
  Defined extends Connector<Settings, OrderState, ListingState> = Connector<Settings, OrderState, ListingState>,
>(connector: Defined & Connector<Settings, OrderState, ListingState>): Defined {
  if (!/^[a-z][a-z0-9-]{1,30}$/.test(connector.code)) throw new Error(`bad connector code: ${connector.code}`);
  const { orders, webhooks } = connector;
  if ((orders.pull === undefined) !== (orders.pullOrders === undefined))
    throw new Error('pull and pullOrders go together');
  if (orders.pullOrders === undefined && webhooks === undefined) throw new Error('orders have no way in');
  if (orders.rereadOpen && orders.readOrders === undefined) throw new Error('rereadOpen needs readOrders');
  return connector;
}
