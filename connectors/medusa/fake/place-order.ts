import { parseDecimal } from '../../../src/kernel/index.ts';
import { reserve } from './inventory.ts';
import { totalOf } from './price.ts';
import {
  fakeSalesChannelId,
  textOf,
  type FakeItem,
  type FakeOrder,
  type FakeState,
  type FakeVariant,
} from './state.ts';

export type FakePurchase = {
  /** One entry a line; a line without a SKU sells the variant of its position. */
  readonly lines: readonly { readonly quantity: number; readonly unitPrice?: string; readonly sku?: string }[];
  readonly currency?: string;
  readonly id?: string;
  readonly pricesIncludeTax?: boolean;
  readonly discountPercent?: number;
  readonly shipping?: string;
  /** False: the payment is only authorised. */
  readonly isCaptured?: boolean;
};

export function addVariant(
  state: FakeState,
  options: {
    readonly sku: string | null;
    readonly stocked?: readonly number[];
    readonly shares?: FakeVariant['shares'];
    readonly manageInventory?: boolean;
  },
): FakeVariant {
  const shares = options.shares ?? [
    { inventoryItemId: addInventoryItem(state, options.stocked ?? []), requiredQuantity: 1 },
  ];
  const variant: FakeVariant = {
    id: state.nextId('variant'),
    sku: options.sku,
    title: options.sku ?? 'Without a SKU',
    price: '10',
    manageInventory: options.manageInventory ?? true,
    createdAt: state.now().toISOString(),
    shares,
  };
  state.variants.push(variant);
  return variant;
}

function addInventoryItem(state: FakeState, stocked: readonly number[]): string {
  const id = state.nextId('iitem');
  const levels = stocked.map((units, index) => ({
    locationId: state.locations[index]?.id ?? '',
    stocked: units,
    reserved: 0,
  }));
  state.inventory.push({ id, levels });
  return id;
}

export function placeOrder(state: FakeState, purchase: FakePurchase): FakeOrder {
  const at = state.now().toISOString();
  const items = purchase.lines.map((line, index) => itemFor(state, line, index));
  const order: FakeOrder = {
    id: purchase.id ?? state.nextId('order'),
    displayId: state.orders.length + 1,
    currency: purchase.currency ?? 'EUR',
    createdAt: at,
    taxPercent: 19,
    pricesIncludeTax: purchase.pricesIncludeTax ?? true,
    discountPercent: purchase.discountPercent ?? 0,
    shipping: purchase.shipping ?? '5',
    salesChannelId: fakeSalesChannelId,
    firstQuantities: new Map(items.map((item) => [item.id, item.quantity])),
    items,
    status: 'pending',
    version: 1,
    updatedAt: at,
    canceledAt: null,
    street: 'Hafenstraße 1',
    payments: [],
    fulfilments: [],
    returns: [],
    creditLines: [],
    edit: null,
  };
  for (const item of items) reserve(state, item);
  order.payments.push({
    id: state.nextId('pay'),
    amount: textOf(totalOf(order)),
    captured_at: null,
    canceled_at: null,
    captures: [],
    refunds: [],
  });
  state.orders.push(order);
  if (purchase.isCaptured !== false) capture(state, order);
  return order;
}

/** The payment provider has the money: neither the change clock nor the version moves. */
export function capture(state: FakeState, order: FakeOrder): void {
  for (const payment of order.payments) {
    if (payment.captured_at !== null || payment.canceled_at !== null) continue;
    payment.captured_at = state.now().toISOString();
    payment.captures.push({ id: state.nextId('capt'), amount: payment.amount, created_at: payment.captured_at });
  }
}

function itemFor(state: FakeState, line: FakePurchase['lines'][number], index: number): FakeItem {
  const sku = line.sku ?? `SKU-${index + 1}`;
  const variant =
    state.variants.find((row) => row.sku === sku) ?? addVariant(state, { sku, stocked: [1_000_000, 1_000_000] });
  const unitPrice = textOf(parseDecimal(line.unitPrice ?? '10.00'));
  return {
    id: state.nextId('ordli'),
    title: sku,
    variantId: variant.id,
    sku,
    unitPrice,
    quantity: line.quantity,
    fulfilled: 0,
    returned: 0,
  };
}
