import type { AnyConnector, WebhookRequest } from '../connector.ts';

/** An order to be placed on the fake, at the world's clock. Orders placed without an `advance` between share one time. */
export type OrderSpec = {
  /** One entry a line; every line sells another listing. `unitPrice` is decimal text in major units, default "10.00". */
  readonly lines: readonly { readonly quantity: number; readonly unitPrice?: string }[];
  /** ISO 4217; default the shop's own currency. The fake takes any. */
  readonly currency?: string;
  /** The external id the order shall have (20 digits, for instance); default the fake's next. */
  readonly externalId?: string;
};

/** What the fake charged: the expected canonical facts. */
export type PlacedOrder = {
  readonly externalId: string;
  readonly number: string;
  readonly currency: string;
  /** What the buyer paid, in minor units: lines, shipping and tax less discounts. */
  readonly totalMinor: number;
  /** In the order of the spec. `amountMinor` as in ChannelOrderLine. */
  readonly lines: readonly {
    readonly externalId: string;
    readonly listingExternalId: string;
    readonly quantity: number;
    readonly amountMinor: number;
  }[];
};

/** A package, refund or cancel as it stands in the fake's own state, not as the connector reads it. */
export type ShownPackage = { readonly externalId: string; readonly trackingNumber: string | null };
export type ShownRefund = { readonly externalId: string; readonly amountMinor: number };

export type WorldWebhooks = {
  /** What the channel has sent so far, oldest first, each once (redeliveries left out), as the hub would receive it. */
  sent(): readonly WebhookRequest[];
  /** Signs any body as the channel would, at the world's clock and with the shop's secret unless told otherwise. */
  sign(rawBody: Uint8Array, options?: { readonly secret?: string; readonly at?: Date }): WebhookRequest;
  /** The same event as the channel's retry would bring it at the world's clock, signed anew where it signs a time. */
  redeliver(sent: WebhookRequest): WebhookRequest;
  readonly signatureHeader: string;
  /** The header of the signed time and how far it may be off; null where the scheme signs no time. */
  readonly timestamp: { readonly header: string; readonly toleranceMs: number; format(at: Date): string } | null;
};

/** Access that the channel ends by itself, after its term or at a sign-out elsewhere. */
export type WorldSessions = {
  /** Ends every session, or lets every access token handed out so far expire. */
  end(): void;
  /** How often the channel was asked to sign in, or to renew a token, whatever it answered. */
  signIns(): number;
};

/** One place where the channel may put a word that nobody has heard of. */
export type UnknownWord = {
  /** The vendor's name of the place, for messages. */
  readonly field: string;
  /** From now on the order shows `raw` there. */
  plant(externalId: string, raw: string): void;
};

/** One fake channel with one shop. Every case opens its own. */
export type ConformanceWorld<Settings = unknown> = {
  /** Settings that sign in. */
  readonly settings: Settings;
  /** The same with a credential the channel does not know. */
  readonly wrongSettings: Settings;
  /** Answers as the channel: in-process by `fake.fetch(new Request(…))` or over loopback HTTP. The suite puts faults around it. */
  readonly fetch: typeof globalThis.fetch;
  /**
   * Whether a request changes the shop (an order, stock, a refund). A sign-in does not. For REST usually `method !== 'GET'`;
   * for GraphQL look into the body (the request is a clone: it may be read).
   */
  isWrite(request: Request): boolean | Promise<boolean>;
  /** The clock of the fake, which is also the `now` the connector is given. */
  now(): Date;
  advance(ms: number): void;
  /** Places a paid order. */
  placeOrder(spec: OrderSpec): Promise<PlacedOrder>;
  /**
   * Changes an order so that its translated document differs (a note, an address), as staff would. Where the channel has
   * a change time it moves; where the change clock lies (`rereadOpen`) it need not.
   */
  touchOrder(externalId: string): Promise<void>;
  /** Everything on the fake for one order, cancelled packages left out. */
  packagesOf(externalId: string): readonly ShownPackage[];
  refundsOf(externalId: string): readonly ShownRefund[];
  /** Units cancelled so far, over all lines. */
  cancelledUnitsOf(externalId: string): number;
  /** Present exactly where the connector has webhooks. */
  readonly webhooks?: WorldWebhooks;
  /** Units of a listing that a buyer can buy by the fake's own state; present exactly where the connector has stock. */
  saleableOf?(listingExternalId: string): number;
  /** From now on the channel takes no number for this listing: it was deleted, or is counted elsewhere. */
  readonly refuseStockOf?: (listingExternalId: string) => void;
  readonly sessions?: WorldSessions;
  /** At least the states of an order, and those of its payments and packages where they have one of their own. */
  readonly unknownWords?: readonly UnknownWord[];
  /**
   * The channel splits an order of two lines by itself, as marketplaces do by warehouse or seller. Gives the external ids of
   * the parts, which are new orders; the original may stay or disappear.
   */
  readonly splitOrder?: (externalId: string) => Promise<readonly string[]>;
  /** Every name, phone, e-mail and street that the fake gives its buyers: at least one, none of them a common word. */
  readonly personalData: readonly string[];
  close(): Promise<void>;
};

/** Parts of a world that a channel may lack. */
export type OptionalPart = 'refuseStockOf' | 'sessions' | 'unknownWords' | 'splitOrder';

/** Why the channel lacks a part, as the end of "not applicable, …": "the API key does not expire". */
export type Lacking = Readonly<Partial<Record<OptionalPart, string>>>;

/** What a connector gives the suite: itself, and a way to open a fresh fake of its channel. */
export type ConformanceHarness<Settings = unknown> = {
  readonly connector: AnyConnector;
  /** Tells apart several fakes of one connector; default its code. */
  readonly name?: string;
  /** Every optional part is either in the world or here, never both and never neither: the cases that need it check so. */
  readonly lacking?: Lacking;
  open(): Promise<ConformanceWorld<Settings>>;
};
