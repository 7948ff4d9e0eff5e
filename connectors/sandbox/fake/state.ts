/** All that the fake storefront knows. Plain JSON: it is written to disk as it stands. Amounts are minor units. */
export type ShopState = {
  shopName: string;
  currency: string;
  locations: ShopLocation[];
  listings: ShopListing[];
  /** What a buyer can buy now, by listing and location: key `<listing>/<location>`. */
  levels: Record<string, number>;
  /** The journal's number of the write that last changed a listing's levels. Missing in a state file from before them. */
  stockVersions?: Record<string, number>;
  orders: Record<string, ShopOrder>;
  /** What a shop with tokens has given out last. */
  grant?: ShopGrant;
  webhookUrls: string[];
  journal: JournalEntry[];
  /** The last number given out; ids are made of it. */
  sequence: number;
};

export type ShopLocation = { id: string; name: string };

export type ShopListing = {
  id: string;
  productId: string;
  sku: string;
  barcode: string | null;
  title: string;
  priceMinor: number;
  isActive: boolean;
  tracksStock: boolean;
};

export type ShopTax = { title: string; rateBasisPoints: number; amountMinor: number };

export type ShopLine = {
  id: string;
  listingId: string;
  sku: string;
  title: string;
  quantity: number;
  cancelledQuantity: number;
  fulfilledQuantity: number;
  unitPriceMinor: number;
  amountMinor: number;
  taxes: ShopTax[];
  isGift: boolean;
  /** Where the units were taken from, so that a cancel puts them back. */
  takes: { locationId: string; quantity: number }[];
};

export type ShopDiscount = {
  code: string | null;
  title: string;
  amountMinor: number;
  fundedBy: 'seller' | 'platform';
  lineId: string | null;
};

export type LineUnits = { lineId: string; quantity: number };

export type ShopPayment = {
  id: string;
  method: string;
  amountMinor: number;
  status: 'pending' | 'paid';
  paidAt: string | null;
};

export type ShopRefund = {
  id: string;
  paymentId: string;
  requestId: string | null;
  amountMinor: number;
  reason: string;
  at: string;
  lines: LineUnits[];
};

export type ShopReturn = {
  id: string;
  status: 'asked' | 'arrived' | 'cancelled';
  reason: string;
  at: string;
  lines: LineUnits[];
};

export type ShopFulfilment = {
  id: string;
  reference: string | null;
  trackingNumber: string;
  carrier: string;
  trackingUrl: string | null;
  status: 'shipped' | 'delivered';
  shippedAt: string;
  lines: LineUnits[];
};

export type ShopAddress = {
  name: string;
  phone: string;
  email: string;
  lines: string[];
  district: string;
  city: string;
  region: string;
  postalCode: string;
  countryCode: string;
};

export type ShopOrder = {
  id: string;
  number: string;
  version: number;
  placedAt: string;
  updatedAt: string;
  currency: string;
  pricesIncludeTax: boolean;
  totalMinor: number;
  lines: ShopLine[];
  shipping: { id: string; title: string; amountMinor: number; taxes: ShopTax[] } | null;
  discounts: ShopDiscount[];
  payment: ShopPayment;
  refunds: ShopRefund[];
  /** Missing in a state file from before there were returns. */
  returns?: ShopReturn[];
  fulfilments: ShopFulfilment[];
  cancelledAt: string | null;
  cancelReason: string | null;
  /** Null for a guest. */
  customerId: string | null;
  address: ShopAddress;
  note: string | null;
  risk: 'none' | 'review';
  shipBy: string | null;
  /** Where the shop split an order itself: the order this one is a part of, and the parts that took this one's place. */
  partOf?: string | null;
  splitInto?: string[];
  /** A status word that the shop's own documents do not know. */
  oddStatus?: string | null;
};

/** A pair of tokens, and the refresh token it came from: good once more until the access token has been used. */
export type ShopGrant = {
  accessToken: string;
  refreshToken: string;
  expiresAt: string;
  cameFrom: string | null;
  isUsed: boolean;
};

/** `channel` is the marketplace itself. */
export type Writer = 'buyer' | 'staff' | 'hub' | 'channel';

/** One accepted write. `subject` is an order or a listing; the journal is how a test sees that nothing was done twice. */
export type JournalEntry = {
  seq: number;
  at: string;
  by: Writer;
  kind:
    | 'placed'
    | 'split'
    | 'paid'
    | 'annotated'
    | 'cancelled'
    | 'refunded'
    | 'return_asked'
    | 'return_arrived'
    | 'return_cancelled'
    | 'fulfilled'
    | 'delivered'
    | 'stock_set'
    | 'hook_set'
    | 'token_refreshed';
  subject: string;
  detail: Record<string, string | number | null>;
};
