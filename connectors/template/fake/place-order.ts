import { divideHalfUp, moneyFromDecimal, moneyToDecimal } from '../../../src/kernel/index.ts';
import { commit, Refusal, variantOf, type FakeOrder, type FakeState, type FakeVariant } from './state.ts';

export type Purchase = {
  /** `unitPrice` is decimal text in major units; default the variant's own. */
  readonly lines: readonly {
    readonly variantId: string;
    readonly quantity: number;
    readonly unitPrice?: string | undefined;
  }[];
  readonly currency?: string | undefined;
  readonly id?: string | undefined;
};

const taxPercent = 19;
const shippingMinor = 490;
const discountMinor = 33;

export function addVariant(state: FakeState, sku: string, price: string, available: number): FakeVariant {
  const id = state.nextId();
  const variant: FakeVariant = {
    id,
    product_id: `p${id}`,
    sku,
    barcode: null,
    title: `Item ${sku}`,
    price,
    active: true,
    counts_stock: true,
    available,
  };
  state.variants.push(variant);
  return variant;
}

/** A buyer checks out and pays. The units leave what can be bought at once. */
export function placeOrder(state: FakeState, purchase: Purchase): FakeOrder {
  const currency = purchase.currency ?? state.currency;
  const at = state.now().toISOString();
  const id = purchase.id ?? state.nextId();
  const sold = purchase.lines.map((line) => ({ ...line, variant: variantOf(state, line.variantId) }));
  for (const { variant, quantity } of sold) {
    if (variant.available < quantity) throw new Refusal(422, 'sold_out', `only ${variant.available} left`);
  }
  for (const { variant, quantity } of sold) variant.available -= quantity;
  const items = sold.map(({ variant, quantity, unitPrice = variant.price }) =>
    makeItem(state, variant, quantity, moneyFromDecimal(unitPrice, currency).amount.minor, currency),
  );
  const goodsMinor = items.reduce((sum, { amount }) => sum + moneyFromDecimal(amount, currency).amount.minor, 0);
  const total = decimal(goodsMinor + shippingMinor - discountMinor, currency);
  const order: FakeOrder = {
    id,
    number: `#${id}`,
    revision: 0,
    created_at: at,
    updated_at: at,
    status: 'open',
    payment_status: 'paid',
    currency,
    prices_include_tax: true,
    total,
    items,
    shipping: { id: state.nextId(), title: 'Standard', amount: decimal(shippingMinor, currency) },
    discount: { code: 'SPRING', title: 'Spring', amount: decimal(discountMinor, currency) },
    payments: [{ id: state.nextId(), method: 'card', amount: total, paid_at: at }],
    refunds: [],
    packages: [],
    cancelled_at: null,
    cancel_reason: null,
    address: somebody,
    note: null,
  };
  state.orders.push(order);
  commit(state, order, 'order.created');
  return order;
}

function makeItem(
  state: FakeState,
  variant: FakeVariant,
  quantity: number,
  unitMinor: number,
  currency: string,
): FakeOrder['items'][number] {
  const amountMinor = unitMinor * quantity;
  const taxMinor = Number(divideHalfUp(BigInt(amountMinor) * BigInt(taxPercent), BigInt(100 + taxPercent)));
  return {
    id: state.nextId(),
    variant_id: variant.id,
    sku: variant.sku,
    title: variant.title,
    quantity,
    cancelled: 0,
    shipped: 0,
    unit_price: decimal(unitMinor, currency),
    amount: decimal(amountMinor, currency),
    tax: { title: 'VAT', rate: String(taxPercent), amount: decimal(taxMinor, currency) },
  };
}

function decimal(minor: number, currency: string): string {
  return moneyToDecimal({ minor, currency });
}

const somebody: FakeOrder['address'] = {
  name: 'Ada Example',
  phone: '+49 30 0000000',
  email: 'ada@example.org',
  street: 'Beispielweg 1',
  city: 'Berlin',
  postal_code: '10115',
  country_code: 'DE',
};
