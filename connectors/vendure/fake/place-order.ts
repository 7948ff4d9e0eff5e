import { allocate, variantOf } from './allocate.ts';
import { netOf, reprice, type FakeLine, type FakeOrder, type FakeState, type FakeVariant } from './state.ts';

export type FakePurchase = {
  /** Every line sells another variant, which is made when there are too few. Prices in minor units, with tax. */
  readonly lines: readonly { readonly quantity: number; readonly unitPriceWithTax: number }[];
  readonly id?: string | undefined;
  readonly currency?: string | undefined;
  readonly couponPercent?: number;
  readonly paymentState?: 'Settled' | 'Authorized';
  readonly type?: FakeOrder['type'];
};

/** Places an order at the fake's clock. As in Vendure, its updatedAt is older than its orderPlacedAt. */
export function placeOrder(state: FakeState, purchase: FakePurchase): FakeOrder {
  const placedAt = state.now();
  const id = purchase.id ?? state.nextId();
  const currency = purchase.currency ?? state.currency;
  const createdAt = new Date(placedAt.getTime() - 250).toISOString();
  const order: FakeOrder = {
    id,
    code: `CODE${id}`,
    state: purchase.paymentState === 'Authorized' ? 'PaymentAuthorized' : 'PaymentSettled',
    active: false,
    type: purchase.type ?? 'Regular',
    createdAt,
    updatedAt: createdAt,
    orderPlacedAt: placedAt.toISOString(),
    currencyCode: currency,
    totalWithTax: 0,
    channels: [{ pricesIncludeTax: true }],
    customer: { emailAddress: 'buyer@example.com', firstName: 'Gesa', lastName: 'Gäst', phoneNumber: '+49 40 5550100' },
    shippingAddress: {
      fullName: 'Gesa Gäst',
      streetLine1: 'Hafenstraße 1',
      city: 'Hamburg',
      postalCode: '20457',
      countryCode: 'DE',
    },
    lines: purchase.lines.map((line, index) => makeLine(state, line, index, purchase.couponPercent ?? 0)),
    shippingLines: [
      {
        id: state.nextId(),
        priceWithTax: 490,
        discountedPrice: netOf(490),
        discountedPriceWithTax: 490,
        discounts: [],
        shippingMethod: { code: 'standard-shipping', name: 'Standard Shipping' },
      },
    ],
    surcharges: [],
    promotions: [{ id: '1', couponCode: 'SAVE' }],
    payments: [],
    fulfillments: [],
    history: { items: [] },
  };
  reprice(order);
  const paymentState = purchase.paymentState ?? 'Settled';
  order.payments = [
    {
      id: state.nextId(),
      method: 'instant',
      amount: order.totalWithTax,
      state: paymentState,
      createdAt: placedAt.toISOString(),
      refunds: [],
    },
  ];
  state.orders.push(order);
  return order;
}

function makeLine(
  state: FakeState,
  sold: FakePurchase['lines'][number],
  index: number,
  couponPercent: number,
): FakeLine {
  const variant = state.variants[index] ?? addVariant(state, { sku: `SKU-${index + 1}`, onHand: [1_000_000, 0] });
  allocate(variantOf(state, variant.id) ?? variant, sold.quantity);
  const discount = { adjustmentSource: 'PROMOTION:1', description: 'Coupon', amountWithTax: 0 };
  return {
    id: state.nextId(),
    quantity: sold.quantity,
    orderPlacedQuantity: sold.quantity,
    unitPrice: netOf(sold.unitPriceWithTax),
    unitPriceWithTax: sold.unitPriceWithTax,
    linePriceWithTax: 0,
    proratedLinePrice: 0,
    proratedLinePriceWithTax: 0,
    taxRate: 19,
    taxLines: [{ description: 'Standard Europe', taxRate: 19 }],
    discounts: couponPercent === 0 ? [] : [discount],
    productVariant: { id: variant.id, sku: variant.sku, name: variant.name },
    couponPercent,
  };
}

export function addVariant(state: FakeState, options: { sku: string; onHand: readonly number[] }): FakeVariant {
  const id = state.nextId();
  const variant: FakeVariant = {
    id,
    sku: options.sku,
    name: `Item ${options.sku}`,
    enabled: true,
    createdAt: state.now().toISOString(),
    priceWithTax: 1000,
    currencyCode: state.currency,
    trackInventory: 'INHERIT',
    outOfStockThreshold: 0,
    useGlobalOutOfStockThreshold: true,
    product: { id: `P${id}`, enabled: true },
    stockLevels: state.locations.map((location, index) => ({
      stockLocationId: location.id,
      stockOnHand: options.onHand[index] ?? 0,
      stockAllocated: 0,
    })),
  };
  state.variants.push(variant);
  return variant;
}
