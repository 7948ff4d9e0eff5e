import { priceItem, priceShipping, totalOf, type Priced } from './price.ts';
import {
  fakeSalesChannelId,
  textOf,
  type FakeItem,
  type FakeOrder,
  type FakeState,
  type FakeVariant,
} from './state.ts';

/** Every amount twice: as a JSON number, and as text in a `raw_` twin. */
function amount(name: string, text: string): Record<string, unknown> {
  return { [name]: Number(text), [`raw_${name}`]: { value: text, precision: 20 } };
}

/** The order as it stands, or as its first version had it. Refunds lower `total` by credit lines; items keep theirs. */
export function presentOrder(
  state: FakeState,
  order: FakeOrder,
  version: number | null = null,
): Record<string, unknown> {
  const items =
    version === 1
      ? [...order.firstQuantities].map(([id, quantity]) => ({ ...itemOf(order, id), quantity, returned: 0 }))
      : order.items.filter((item) => item.quantity > 0);
  const shown = items.map((item) => presentItem(state, order, item));
  return {
    id: order.id,
    display_id: order.displayId,
    custom_display_id: null,
    status: order.status,
    version: version ?? order.version,
    email: 'buyer@example.com',
    currency_code: order.currency.toLowerCase(),
    sales_channel_id: order.salesChannelId,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
    canceled_at: order.canceledAt,
    ...amount('total', textOf(totalOf(order))),
    // The order of items is not stable.
    items: order.version % 2 === 0 ? shown.toReversed() : shown,
    shipping_methods: [presentShipping(order)],
    shipping_address: {
      first_name: 'Greta',
      last_name: 'Gäst',
      company: null,
      address_1: order.street,
      address_2: null,
      city: 'Berlin',
      province: 'BE',
      postal_code: '10115',
      country_code: 'de',
      phone: '+49 30 5550100',
    },
    credit_lines: order.creditLines.map(({ amount: text, ...line }) => ({ ...line, ...amount('amount', text) })),
    payment_collections: [{ id: `pay_col_${order.id}`, payments: order.payments.map(presentPayment) }],
    fulfillments: order.fulfilments.map((row) => ({ ...row, provider_id: 'manual_manual' })),
    returns: order.returns,
  };
}

function itemOf(order: FakeOrder, id: string): FakeItem {
  const found = order.items.find((item) => item.id === id);
  if (found === undefined) throw new Error(`the fake has no item ${id}`);
  return found;
}

function presentItem(state: FakeState, order: FakeOrder, item: FakeItem): Record<string, unknown> {
  const variant = state.variants.find((row) => row.id === item.variantId);
  return {
    id: item.id,
    title: item.title,
    product_title: item.title,
    variant_title: 'one',
    variant_id: item.variantId,
    variant_sku: item.sku,
    quantity: item.quantity,
    ...amount('unit_price', item.unitPrice),
    ...presentPriced(order, priceItem(order, item)),
    detail: {
      quantity: item.quantity,
      fulfilled_quantity: item.fulfilled,
      return_received_quantity: item.returned,
      return_dismissed_quantity: 0,
    },
    variant: variant === undefined ? null : { id: variant.id, inventory_items: sharesOf(variant) },
  };
}

function presentShipping(order: FakeOrder): Record<string, unknown> {
  return { id: `ordsm_${order.id}`, name: 'Standard', ...presentPriced(order, priceShipping(order)) };
}

function presentPriced(order: FakeOrder, priced: Priced): Record<string, unknown> {
  const adjustment = { id: 'ordliadj', code: 'SAVE10', description: null, ...amount('total', priced.discountTotal) };
  return {
    ...amount('original_total', priced.originalTotal),
    ...amount('total', priced.total),
    tax_lines: [{ code: 'VAT', description: 'VAT', rate: order.taxPercent, ...amount('total', priced.taxTotal) }],
    adjustments: priced.discountTotal === '0' ? [] : [adjustment],
  };
}

export function presentPayment(payment: FakeOrder['payments'][number]): Record<string, unknown> {
  return {
    id: payment.id,
    provider_id: 'pp_system_default',
    ...amount('amount', payment.amount),
    captured_at: payment.captured_at,
    canceled_at: payment.canceled_at,
    captures: payment.captures.map(({ amount: text, ...row }) => ({ ...row, ...amount('amount', text) })),
    refunds: payment.refunds.map(({ amount: text, ...row }) => ({ ...row, ...amount('amount', text) })),
  };
}

function sharesOf(variant: FakeVariant): { inventory_item_id: string; required_quantity: number }[] {
  return variant.shares.map((share) => ({
    inventory_item_id: share.inventoryItemId,
    required_quantity: share.requiredQuantity,
  }));
}

export function presentVariant(state: FakeState, variant: FakeVariant): Record<string, unknown> {
  return {
    id: variant.id,
    sku: variant.sku,
    barcode: null,
    ean: null,
    upc: null,
    title: 'one',
    manage_inventory: variant.manageInventory,
    allow_backorder: false,
    created_at: variant.createdAt,
    product: { id: `prod_${variant.id}`, title: variant.title, status: 'published' },
    prices: [{ amount: Number(variant.price), currency_code: 'eur', min_quantity: null, rules: {} }],
    inventory_items: sharesOf(variant).map((share) => ({
      ...share,
      inventory: presentInventory(state, share.inventory_item_id),
    })),
  };
}

function presentInventory(state: FakeState, id: string): Record<string, unknown> {
  const levels = state.inventory.find((item) => item.id === id)?.levels ?? [];
  return {
    id,
    variants: state.variants
      .filter((variant) => variant.shares.some((share) => share.inventoryItemId === id))
      .map((variant) => ({
        id: variant.id,
        manage_inventory: variant.manageInventory,
        inventory_items: sharesOf(variant),
      })),
    location_levels: levels.map((level) => ({
      location_id: level.locationId,
      stocked_quantity: level.stocked,
      reserved_quantity: level.reserved,
    })),
  };
}

export const presentStore = {
  id: 'store_1',
  name: 'Fake shop',
  default_sales_channel_id: fakeSalesChannelId,
  supported_currencies: [{ currency_code: 'eur', is_default: true }],
};
