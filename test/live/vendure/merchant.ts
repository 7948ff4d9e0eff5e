import type { GraphqlClient, Json } from './graphql.ts';

/** What the merchant sees and does in the storefront's own back office, apart from the hub. */

export type OrderTruth = {
  readonly id: string;
  readonly code: string;
  readonly state: string;
  readonly totalWithTax: number;
  readonly lines: readonly {
    readonly id: string;
    readonly sku: string;
    readonly quantity: number;
    readonly placed: number;
  }[];
  readonly fulfilments: readonly {
    readonly id: string;
    readonly state: string;
    readonly trackingCode: string;
    readonly units: number;
  }[];
  readonly payments: readonly { readonly id: string; readonly amount: number; readonly state: string }[];
  readonly refunds: readonly { readonly id: string; readonly total: number; readonly state: string }[];
};

const orderFields = `id code state totalWithTax
  lines { id quantity orderPlacedQuantity productVariant { sku } }
  fulfillments { id state trackingCode lines { quantity } }
  payments { id amount state refunds { id total state } }`;

/** Every placed order, in the order of placing. */
export async function readOrders(admin: GraphqlClient): Promise<OrderTruth[]> {
  const { orders } = await admin(
    `{ orders(options: { take: 1000, sort: { orderPlacedAt: ASC }, filter: { active: { eq: false } } }) {
      items { ${orderFields} }
    } }`,
  );
  return orders.items.map(toTruth);
}

export async function readOrder(admin: GraphqlClient, id: string): Promise<OrderTruth> {
  const { order } = await admin(`query ($id: ID!) { order(id: $id) { ${orderFields} } }`, { id });
  return toTruth(order);
}

function toTruth(order: Json): OrderTruth {
  return {
    id: order.id,
    code: order.code,
    state: order.state,
    totalWithTax: order.totalWithTax,
    lines: order.lines.map((line: Json) => ({
      id: line.id,
      sku: line.productVariant.sku,
      quantity: line.quantity,
      placed: line.orderPlacedQuantity,
    })),
    fulfilments: order.fulfillments.map((fulfilment: Json) => ({
      id: fulfilment.id,
      state: fulfilment.state,
      trackingCode: fulfilment.trackingCode,
      units: fulfilment.lines.reduce((sum: number, line: Json) => sum + line.quantity, 0),
    })),
    payments: order.payments.map(({ id, amount, state }: Json) => ({ id, amount, state })),
    refunds: order.payments.flatMap((payment: Json) => payment.refunds),
  };
}

export type StockTruth = { readonly onHand: number; readonly allocated: number; readonly saleable: number };

/** Σ on hand, Σ allocated and their difference of every variant, by SKU. */
export async function readStock(admin: GraphqlClient): Promise<Map<string, StockTruth>> {
  const { productVariants } = await admin(
    '{ productVariants(options: { take: 1000 }) { items { sku stockLevels { stockOnHand stockAllocated } } } }',
  );
  return new Map(
    productVariants.items.map((variant: Json) => {
      const sum = (key: string): number =>
        variant.stockLevels.reduce((total: number, level: Json) => total + level[key], 0);
      const [onHand, allocated] = [sum('stockOnHand'), sum('stockAllocated')];
      return [variant.sku, { onHand, allocated, saleable: onHand - allocated }];
    }),
  );
}

/** Cancels in the back office: the whole order with its shipping, or some units of some lines. */
export async function cancelInStorefront(
  admin: GraphqlClient,
  orderId: string,
  lines: readonly { readonly orderLineId: string; readonly quantity: number }[] | null,
): Promise<void> {
  await admin(
    `mutation ($input: CancelOrderInput!) {
      cancelOrder(input: $input) { ... on Order { id } ... on ErrorResult { errorCode message } }
    }`,
    {
      input: {
        orderId,
        reason: 'cancelled by the merchant',
        ...(lines === null ? { cancelShipping: true } : { lines }),
      },
    },
  );
}

/** Pays money back in the back office and settles it. */
export async function refundInStorefront(admin: GraphqlClient, paymentId: string, amount: number): Promise<string> {
  const { refundOrder } = await admin(
    `mutation ($input: RefundOrderInput!) {
      refundOrder(input: $input) { ... on Refund { id } ... on ErrorResult { errorCode message } }
    }`,
    { input: { paymentId, amount, shipping: 0, adjustment: 0, lines: [], reason: 'refunded by the merchant' } },
  );
  await admin(
    `mutation ($input: SettleRefundInput!) {
      settleRefund(input: $input) { ... on Refund { id } ... on ErrorResult { errorCode message } }
    }`,
    { input: { id: refundOrder.id, transactionId: `merchant-${refundOrder.id}` } },
  );
  return refundOrder.id;
}

export async function settlePayment(admin: GraphqlClient, paymentId: string): Promise<void> {
  await admin(
    `mutation ($id: ID!) { settlePayment(id: $id) { ... on Payment { id } ... on ErrorResult { errorCode message } } }`,
    { id: paymentId },
  );
}
