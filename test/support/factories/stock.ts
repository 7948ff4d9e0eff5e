import { sql } from 'drizzle-orm';
import {
  newId,
  type OrderId,
  type OrderLineId,
  type PartId,
  type ShopId,
  type SkuId,
  type WarehouseId,
} from '../../../src/kernel/index.ts';
import {
  list,
  onBehalf,
  rows,
  type AnyDb,
  type Ctx,
  type DomainEvent,
  type Marker,
} from '../../../src/platform/db/index.ts';
import {
  createWarehouse,
  markDemandDue,
  openDemand,
  receiveStock,
  serveShop,
  type Level,
  type Receipt,
} from '../../../src/stock/index.ts';

/** Wires what main wires for stock: freed units wake the demand that waits for them. */
export const freedDemandMarker: Marker = {
  name: 'test.freed_demand',
  kinds: ['stock.freed'],
  mark: (ctx, events) => markDemandDue(ctx, skusOf(events)),
};

export function skusOf(events: readonly DomainEvent[], kind?: string): SkuId[] {
  const named = events.filter((event) => kind === undefined || event.kind === kind) as { skuIds?: SkuId[] }[];
  return [...new Set(named.flatMap((event) => event.skuIds ?? []))];
}

export async function makeShops(ctx: Ctx, count: number): Promise<ShopId[]> {
  const ids = Array.from({ length: count }, () => newId<'shop'>());
  await rows(
    ctx.tx,
    sql`insert into shops (id, channel, name, settings, secrets, data_key, webhook_key, currency, time_zone, orders_since,
          created_at, updated_at)
        select id, 'test', 'Shop', '{}', '\\x00', '\\x00', id::text, 'EUR', 'UTC', ${ctx.now}, ${ctx.now}, ${ctx.now}
        from unnest(${list('uuid', ids)}) as shop (id)`,
  );
  return ids;
}

export async function makeSkus(ctx: Ctx, count: number): Promise<SkuId[]> {
  const ids = Array.from({ length: count }, () => newId<'sku'>());
  const productId = newId<'product'>();
  await rows(
    ctx.tx,
    sql`insert into products (id, title, created_at, updated_at) values (${productId}, 'Product', ${ctx.now}, ${ctx.now})`,
  );
  await rows(
    ctx.tx,
    sql`insert into skus (id, product_id, code, title, created_at, updated_at)
        select id, ${productId}, 'SKU-' || id, 'SKU', ${ctx.now}, ${ctx.now} from unnest(${list('uuid', ids)}) as sku (id)`,
  );
  return ids;
}

export async function makeWarehouses(ctx: Ctx, count: number): Promise<WarehouseId[]> {
  const ids: WarehouseId[] = [];
  for (let index = 0; index < count; index += 1) {
    const code = `W${index}-${newId().slice(-6)}`;
    const made = await createWarehouse(ctx, { code, name: code, countryCode: 'DE', timeZone: 'Europe/Berlin' });
    ids.push(made.warehouseId);
  }
  return ids;
}

export type World = {
  readonly shopIds: readonly ShopId[];
  readonly skuIds: readonly SkuId[];
  readonly warehouseIds: readonly WarehouseId[];
};

/** Shops, SKUs and warehouses, every shop served by every warehouse in their order. */
export async function makeWorld(
  ctx: Ctx,
  counts: { readonly shops?: number; readonly skus?: number; readonly warehouses?: number } = {},
): Promise<World> {
  const shopIds = await makeShops(ctx, counts.shops ?? 1);
  const skuIds = await makeSkus(ctx, counts.skus ?? 1);
  const warehouseIds = await makeWarehouses(ctx, counts.warehouses ?? 1);
  const warehouses = warehouseIds.map((warehouseId, rank) => ({ warehouseId, rank }));
  for (const shopId of shopIds) await serveShop(ctx, { shopId, warehouses });
  return { shopIds, skuIds, warehouseIds };
}

export async function receive(
  ctx: Ctx,
  lines: readonly Pick<Receipt, 'skuId' | 'warehouseId' | 'quantity'>[],
): Promise<void> {
  await receiveStock(
    ctx,
    lines.map((line) => ({ unitCost: null, costCurrency: null, lotId: null, note: null, ...line })),
  );
}

export type NewTestOrder = {
  readonly shopId: ShopId;
  readonly lines: readonly { readonly skuId: SkuId; readonly quantity: number }[];
  readonly isHeld?: boolean;
  readonly claims?: boolean;
  readonly priority?: number;
  readonly shipBy?: Date | null;
  readonly paidAt?: Date | null;
  readonly placedAt?: Date;
  /** Equal keys may share a parcel. */
  readonly mergeKey?: string;
};

export type TestOrder = { readonly orderId: OrderId; readonly partIds: readonly PartId[] };

/** Orders with one part a line, and their demand, as taking them in leaves them. */
export async function makeOrders(ctx: Ctx, wanted: readonly NewTestOrder[]): Promise<TestOrder[]> {
  const orders = wanted.map((order) => ({ ...order, orderId: newId<'order'>(), placedAt: order.placedAt ?? ctx.now }));
  const lines = orders.flatMap((order) =>
    order.lines.map((line) => ({
      ...line,
      order,
      lineId: newId<'order_line'>() as OrderLineId,
      partId: newId<'order_line_part'>() as PartId,
    })),
  );
  await insertOrders(ctx, orders);
  await rows(
    ctx.tx,
    sql`insert into order_lines (id, order_id, external_id, position, title, quantity, cancelled_quantity,
          channel_fulfilled_quantity, amount_minor, fulfilled_by, is_gift, is_presale)
        select id, order_id, id::text, 1, 'Line', quantity, 0, 0, 0, 'seller', false, false
        from unnest(${list(
          'uuid',
          lines.map((line) => line.lineId),
        )}, ${list(
          'uuid',
          lines.map((line) => line.order.orderId),
        )},
          ${list(
            'int4',
            lines.map((line) => line.quantity),
          )}) as line (id, order_id, quantity)`,
  );
  await rows(
    ctx.tx,
    sql`insert into order_line_parts (id, order_line_id, order_id, sku_id, units_per_line, ordered)
        select id, line_id, order_id, sku_id, 1, quantity
        from unnest(${list(
          'uuid',
          lines.map((line) => line.partId),
        )}, ${list(
          'uuid',
          lines.map((line) => line.lineId),
        )},
          ${list(
            'uuid',
            lines.map((line) => line.order.orderId),
          )}, ${list(
            'uuid',
            lines.map((line) => line.skuId),
          )},
          ${list(
            'int4',
            lines.map((line) => line.quantity),
          )}) as part (id, line_id, order_id, sku_id, quantity)`,
  );
  await openDemand(
    onBehalf(ctx, 'test'),
    lines.map(({ order, partId, skuId, quantity }) => ({
      partId,
      orderId: order.orderId,
      shopId: order.shopId,
      skuId,
      quantity,
      claims: order.claims ?? true,
      isHeld: order.isHeld ?? false,
      priority: order.priority ?? 0,
      shipBy: order.shipBy ?? null,
      paidAt: order.paidAt ?? null,
      placedAt: order.placedAt,
    })),
  );
  return orders.map(({ orderId }) => ({
    orderId,
    partIds: lines.filter((line) => line.order.orderId === orderId).map((line) => line.partId),
  }));
}

async function insertOrders(
  ctx: Ctx,
  orders: readonly (NewTestOrder & { readonly orderId: OrderId; readonly placedAt: Date })[],
): Promise<void> {
  await rows(
    ctx.tx,
    sql`insert into orders (id, shop_id, external_id, external_number, document_hash, read_started_at, currency,
          prices_include_tax, lines_minor, shipping_minor, tax_minor, discount_minor, residual_minor, total_minor,
          buyer_paid_minor, receivable_minor, payment_state, is_closed_on_channel, placed_at, placed_at_source, priority,
          created_at, updated_at)
        select id, shop_id, id::text, id::text, '\\x00', ${ctx.now}, 'EUR', true, 0, 0, 0, 0, 0, 0, 0, 0, 'paid', false,
          placed_at, placed_at::text, priority, ${ctx.now}, ${ctx.now}
        from unnest(${list(
          'uuid',
          orders.map((order) => order.orderId),
        )}, ${list(
          'uuid',
          orders.map((order) => order.shopId),
        )},
          ${list(
            'timestamptz',
            orders.map((order) => order.placedAt),
          )}, ${list(
            'int4',
            orders.map((order) => order.priority ?? 0),
          )})
          as o (id, shop_id, placed_at, priority)`,
  );
  await rows(
    ctx.tx,
    sql`insert into order_receivers (order_id, masked, source_policy, merge_key)
        select order_id, '{}', 'plain', merge_key::bytea
        from unnest(${list(
          'uuid',
          orders.map((order) => order.orderId),
        )}, ${list(
          'text',
          orders.map((order) => order.mergeKey),
        )})
          as receiver (order_id, merge_key)`,
  );
  await rows(
    ctx.tx,
    sql`insert into order_holds (id, order_id, kind, cause, placed_at)
        select order_id, order_id, 'manual', '{}', ${ctx.now}
        from unnest(${list(
          'uuid',
          orders.filter((order) => order.isHeld === true).map((order) => order.orderId),
        )})
          as held (order_id)`,
  );
}

/** `{ onHand, reserved }` of one level; zeros where there is none. */
export async function readLevel(
  db: AnyDb,
  skuId: SkuId,
  warehouseId: WarehouseId,
): Promise<Pick<Level, 'onHand' | 'reserved'>> {
  const [level] = await rows<Level>(
    db,
    sql`select on_hand as "onHand", reserved from stock_levels where sku_id = ${skuId} and warehouse_id = ${warehouseId}`,
  );
  return level ?? { onHand: 0, reserved: 0 };
}
