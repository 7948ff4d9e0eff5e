import type { Json, RestClient } from './rest.ts';

/** What the merchant sees and does in the storefront's own back office, apart from the hub. */

export type OrderTruth = {
  readonly id: string;
  readonly status: string;
  readonly fulfilmentStatus: string;
  /** What was charged, as the exact text that Medusa keeps. */
  readonly charged: string;
  readonly units: number;
  readonly fulfilments: readonly { readonly id: string; readonly tracking: string | null; readonly units: number }[];
  readonly payments: readonly { readonly id: string; readonly isCaptured: boolean }[];
  readonly refunds: readonly { readonly amount: number }[];
};

const orderFields =
  'id,status,fulfillment_status,*items,*fulfillments.items,*fulfillments.labels,*payment_collections.payments,' +
  '*payment_collections.payments.captures,*payment_collections.payments.refunds';

/** Every order, in the order of placing. */
export async function readOrders(admin: RestClient): Promise<OrderTruth[]> {
  const { orders } = await admin.get(`/admin/orders?limit=500&order=created_at&fields=${orderFields}`);
  return orders.map(toTruth);
}

export async function readOrder(admin: RestClient, id: string): Promise<OrderTruth> {
  const { order } = await admin.get(`/admin/orders/${id}?fields=${orderFields}`);
  return toTruth(order);
}

function toTruth(order: Json): OrderTruth {
  const payments: Json[] = order.payment_collections.flatMap((collection: Json) => collection.payments ?? []);
  const units = (rows: Json[]): number => rows.reduce((sum, row) => sum + row.quantity, 0);
  return {
    id: order.id,
    status: order.status,
    fulfilmentStatus: order.fulfillment_status,
    charged: payments[0]?.raw_amount.value ?? '0',
    units: units(order.items),
    fulfilments: (order.fulfillments ?? [])
      .filter((row: Json) => row.canceled_at === null)
      .map((row: Json) => ({ id: row.id, tracking: row.labels[0]?.tracking_number ?? null, units: units(row.items) })),
    payments: payments.map((payment) => ({ id: payment.id, isCaptured: payment.captured_at !== null })),
    refunds: payments.flatMap((payment) => payment.refunds ?? []).map((row: Json) => ({ amount: row.amount })),
  };
}

export type StockTruth = { readonly stocked: number; readonly reserved: number; readonly saleable: number };

/** Σ stocked, Σ reserved and their difference of every inventory item, by SKU. */
export async function readStock(admin: RestClient): Promise<Map<string, StockTruth>> {
  const { inventory_items: items } = await admin.get('/admin/inventory-items?limit=500&fields=id,sku,*location_levels');
  return new Map(
    items.map((item: Json) => {
      const sum = (key: string): number =>
        item.location_levels.reduce((total: number, row: Json) => total + row[key], 0);
      const [stocked, reserved] = [sum('stocked_quantity'), sum('reserved_quantity')];
      return [item.sku, { stocked, reserved, saleable: stocked - reserved }];
    }),
  );
}

export async function capturePayments(admin: RestClient, orderId: string): Promise<void> {
  for (const payment of (await readOrder(admin, orderId)).payments) {
    if (!payment.isCaptured) await admin.post(`/admin/payments/${payment.id}/capture`);
  }
}

export async function refundInStorefront(admin: RestClient, orderId: string, amount: number): Promise<void> {
  const [payment] = (await readOrder(admin, orderId)).payments;
  await admin.post(`/admin/payments/${payment?.id}/refund`, { amount, note: 'refunded by the merchant' });
}

/** The merchant takes units out of an order by an order edit. */
export async function editInStorefront(
  admin: RestClient,
  orderId: string,
  itemId: string,
  quantity: number,
): Promise<void> {
  await admin.post('/admin/order-edits', { order_id: orderId });
  await admin.post(`/admin/order-edits/${orderId}/items/item/${itemId}`, { quantity });
  await admin.post(`/admin/order-edits/${orderId}/confirm`);
}

/** The merchant writes a return of one unit, which is a draft until it is requested. Answers with its id. */
export async function beginReturn(admin: RestClient, orderId: string, itemId: string): Promise<string> {
  const { stock_locations: locations } = await admin.get('/admin/stock-locations');
  const begun = await admin.post('/admin/returns', { order_id: orderId, location_id: locations[0].id });
  const { id } = begun.return;
  const items = [{ id: itemId, quantity: 1, internal_note: 'too small' }];
  await admin.post(`/admin/returns/${id}/request-items`, { items });
  return id;
}

/** The unit of a requested return arrives. */
export async function receiveReturn(admin: RestClient, returnId: string, itemId: string): Promise<void> {
  await admin.post(`/admin/returns/${returnId}/receive`);
  await admin.post(`/admin/returns/${returnId}/receive-items`, { items: [{ id: itemId, quantity: 1 }] });
  await admin.post(`/admin/returns/${returnId}/receive/confirm`);
}
