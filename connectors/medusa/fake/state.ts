import { sumDecimals } from '../round-together.ts';
import { formatDecimal, parseDecimal, type Decimal } from '../../../src/kernel/index.ts';

/** What the fake knows. Amounts are exact decimal text in major units, as Medusa keeps them. */
export type FakeItem = {
  readonly id: string;
  readonly title: string;
  readonly variantId: string;
  readonly sku: string;
  readonly unitPrice: string;
  quantity: number;
  fulfilled: number;
  /** Units that were received back; they no longer count in its amounts. */
  returned: number;
};

export type FakePayment = {
  readonly id: string;
  readonly amount: string;
  captured_at: string | null;
  canceled_at: string | null;
  captures: { id: string; amount: string; created_at: string }[];
  refunds: { id: string; amount: string; note: string | null; created_at: string }[];
};

export type FakeFulfilment = {
  readonly id: string;
  readonly metadata: Record<string, unknown> | null;
  readonly items: readonly { line_item_id: string; inventory_item_id: string | null; quantity: number }[];
  shipped_at: string | null;
  delivered_at: string | null;
  canceled_at: string | null;
  labels: { tracking_number: string; tracking_url: string; label_url: string }[];
};

export type FakeReturn = {
  readonly id: string;
  status: string;
  readonly created_at: string;
  requested_at: string | null;
  readonly items: { item_id: string; quantity: number; note: string | null; reason: null }[];
};

export type FakeEdit = { readonly internalNote: string | null; readonly quantities: Map<string, number> };

export type FakeOrder = {
  readonly id: string;
  readonly displayId: number;
  readonly currency: string;
  readonly createdAt: string;
  readonly taxPercent: number;
  readonly pricesIncludeTax: boolean;
  readonly discountPercent: number;
  readonly shipping: string;
  readonly salesChannelId: string;
  readonly firstQuantities: ReadonlyMap<string, number>;
  items: FakeItem[];
  status: string;
  version: number;
  updatedAt: string;
  canceledAt: string | null;
  street: string;
  payments: FakePayment[];
  fulfilments: FakeFulfilment[];
  returns: FakeReturn[];
  creditLines: { id: string; reference: string; amount: string; created_at: string }[];
  edit: FakeEdit | null;
};

export type FakeLevel = { readonly locationId: string; stocked: number; reserved: number };
export type FakeInventoryItem = { readonly id: string; readonly levels: FakeLevel[] };

export type FakeVariant = {
  readonly id: string;
  readonly sku: string | null;
  readonly title: string;
  readonly price: string;
  manageInventory: boolean;
  readonly createdAt: string;
  readonly shares: readonly { inventoryItemId: string; requiredQuantity: number }[];
};

/** Units of a line held back at one location. */
export type FakeReservation = {
  readonly lineId: string;
  readonly itemId: string;
  readonly locationId: string;
  quantity: number;
};

export type FakeState = {
  readonly now: () => Date;
  readonly apiKey: string;
  readonly orders: FakeOrder[];
  readonly variants: FakeVariant[];
  readonly inventory: FakeInventoryItem[];
  readonly reservations: FakeReservation[];
  readonly locations: readonly { id: string; name: string }[];
  nextId(prefix: string): string;
};

export const fakeSalesChannelId = 'sc_web';

export function makeState(now: () => Date): FakeState {
  let last = 0;
  return {
    now,
    apiKey: 'sk_a_fake_key',
    orders: [],
    variants: [],
    inventory: [],
    reservations: [],
    locations: [
      { id: 'sloc_harbour', name: 'Harbour' },
      { id: 'sloc_hinterland', name: 'Hinterland' },
    ],
    nextId: (prefix) => `${prefix}_${String((last += 1)).padStart(8, '0')}`,
  };
}

/** A change that the order's clock and version show: all but a capture. */
export function moveChangeClock(state: FakeState, order: FakeOrder): void {
  order.version += 1;
  order.updatedAt = state.now().toISOString();
}

export function findOrder(state: FakeState, id: string): FakeOrder | null {
  return state.orders.find((order) => order.id === id) ?? null;
}

export function addUp(amounts: readonly string[]): Decimal {
  return sumDecimals(amounts.map((amount) => parseDecimal(amount)));
}

export function textOf(value: Decimal): string {
  const text = formatDecimal(value);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
