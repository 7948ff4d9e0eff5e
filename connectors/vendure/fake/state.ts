import type { WireFulfilment, WireLine, WireOrder, WirePayment, WireShippingLine } from '../wire.ts';

/** What the fake knows, in Vendure's own shapes. Prices include tax, at 19 per cent. */
export type FakeOrder = Omit<Mutable<WireOrder>, 'lines' | 'payments' | 'fulfillments' | 'shippingLines'> & {
  active: boolean;
  type: 'Regular' | 'Seller' | 'Aggregate';
  lines: FakeLine[];
  shippingLines: Mutable<WireShippingLine>[];
  payments: FakePayment[];
  fulfillments: Mutable<WireFulfilment>[];
};
export type FakeLine = Mutable<WireLine> & { couponPercent: number };
export type FakePayment = Omit<Mutable<WirePayment>, 'refunds'> & {
  refunds: Mutable<WirePayment['refunds'][number]>[];
};

export type FakeVariant = {
  id: string;
  sku: string;
  name: string;
  enabled: boolean;
  createdAt: string;
  priceWithTax: number;
  currencyCode: string;
  trackInventory: 'TRUE' | 'FALSE' | 'INHERIT';
  outOfStockThreshold: number;
  useGlobalOutOfStockThreshold: boolean;
  product: { id: string; enabled: boolean };
  stockLevels: { stockLocationId: string; stockOnHand: number; stockAllocated: number }[];
};

export type FakeState = {
  readonly now: () => Date;
  readonly users: ReadonlyMap<string, string>;
  readonly tokens: Set<string>;
  readonly apiKeys: Set<string>;
  readonly orders: FakeOrder[];
  readonly variants: FakeVariant[];
  readonly locations: { id: string; name: string }[];
  readonly currency: string;
  /** How often somebody signed in, or tried. */
  signIns: number;
  nextId(): string;
};

/** Without the index signature that a loose object has. */
type Mutable<Value> = { -readonly [Key in keyof Value as string extends Key ? never : Key]: Value[Key] };

export const fakeUser = { username: 'superadmin', password: 'a fake password' } as const;

export function makeState(now: () => Date): FakeState {
  let last = 0;
  return {
    now,
    users: new Map([[fakeUser.username, fakeUser.password]]),
    tokens: new Set(),
    apiKeys: new Set(['a fake key']),
    orders: [],
    variants: [],
    locations: [
      { id: '1', name: 'Harbour' },
      { id: '2', name: 'Hinterland' },
    ],
    currency: 'EUR',
    signIns: 0,
    nextId: () => String((last += 1)),
  };
}

export function netOf(gross: number): number {
  return Math.round((gross * 100) / 119);
}

/** Works every amount out again from the quantities, as Vendure does after a cancel: what is cancelled costs nothing. */
export function reprice(order: FakeOrder): void {
  for (const line of order.lines) {
    line.linePriceWithTax = line.unitPriceWithTax * line.quantity;
    const discount = Math.round((line.linePriceWithTax * line.couponPercent) / 100);
    line.proratedLinePriceWithTax = line.linePriceWithTax - discount;
    line.proratedLinePrice = netOf(line.proratedLinePriceWithTax);
    line.discounts = line.discounts.map((row) => ({ ...row, amountWithTax: -discount }));
  }
  const goods = order.lines.reduce((sum, line) => sum + line.proratedLinePriceWithTax, 0);
  const shipping = order.shippingLines.reduce((sum, line) => sum + line.discountedPriceWithTax, 0);
  order.totalWithTax = goods + shipping;
}

/** Moves the change clock. Only edits and cancels do: payments, fulfilments and refunds leave it alone. */
export function moveChangeClock(state: FakeState, order: FakeOrder): void {
  order.updatedAt = state.now().toISOString();
}
