/** What a shop saw with its own eyes: a webhook of an event that the hub answered 2xx. */
export type AnsweredWebhook = { readonly shopId: string; readonly eventId: string; readonly orderExternalId: string };

/** A write of a person that the API has acknowledged. */
export type AcknowledgedWrite =
  | { readonly kind: 'ship_out'; readonly shipmentId: string; readonly trackingNumber: string }
  | { readonly kind: 'cancel'; readonly shopId: string; readonly orderExternalId: string; readonly requestId: string }
  | {
      readonly kind: 'refund';
      readonly shopId: string;
      readonly orderExternalId: string;
      readonly requestId: string;
      readonly amountMinor: number;
    };

/** What a shop's own books say: the facts of one order of a fake. */
export type ShopBook = {
  readonly shopId: string;
  readonly orders: readonly {
    readonly externalId: string;
    readonly totalMinor: number;
    readonly isCancelled: boolean;
    readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly cancelledQuantity: number }[];
  }[];
  /** Accepted writes of the hub, in their order. */
  readonly packages: readonly { readonly orderExternalId: string; readonly trackingNumber: string }[];
  readonly refunds: readonly {
    readonly orderExternalId: string;
    readonly requestId: string;
    readonly amountMinor: number;
  }[];
  readonly cancels: readonly { readonly orderExternalId: string }[];
  /** What a buyer can buy at the end, by SKU. */
  readonly saleable: ReadonlyMap<string, number>;
};

/** What the hub holds at the end, read from its database. */
export type HubBook = {
  /** `<shop id> <event id>` of every webhook in the inbox. */
  readonly webhooks: ReadonlySet<string>;
  readonly orders: readonly {
    readonly shopId: string;
    readonly externalId: string;
    readonly totalMinor: number;
    readonly isCancelled: boolean;
  }[];
  readonly shipped: readonly {
    readonly shipmentId: string;
    readonly trackingNumber: string;
    readonly shopId: string;
    readonly orderExternalId: string;
  }[];
};

export type Evidence = {
  readonly answered: readonly AnsweredWebhook[];
  readonly acknowledged: readonly AcknowledgedWrite[];
  readonly shops: readonly ShopBook[];
  readonly hub: HubBook;
  /** Units received, by SKU, over all warehouses that serve the shops. */
  readonly received: ReadonlyMap<string, number>;
};
