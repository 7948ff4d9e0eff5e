import { sql } from 'drizzle-orm';
import type { OrderId } from '../kernel/index.ts';
import { list, rows, type ColumnTypes, type Ctx, type RowOf } from '../platform/db/index.ts';
import { insertRows } from './insert-rows.ts';
import {
  discountColumns,
  packageColumns,
  paymentColumns,
  refundColumns,
  returnColumns,
  shippingColumns,
  taxColumns,
  type OrderSets,
  type SetGroup,
} from './set-rows.ts';

/** Which orders' old rows go, by group, and the rows that take their place. */
export type SetReplacement = {
  readonly replaced: Readonly<Record<SetGroup, readonly OrderId[]>>;
  readonly rows: OrderSets;
};

/** Taxes stand on shipping lines, so they go first and come last. */
export async function replaceSets(ctx: Ctx, sets: SetReplacement): Promise<void> {
  const { replaced, rows: fresh } = sets;
  await remove(ctx, 'order_taxes', replaced.money);
  await replace(ctx, 'order_shipping_lines', shippingColumns, replaced.money, fresh.shipping);
  await replace(ctx, 'order_discounts', discountColumns, replaced.money, fresh.discounts);
  await insertRows(ctx, 'order_taxes', taxColumns, fresh.taxes);
  await replace(ctx, 'order_payments', paymentColumns, replaced.payments, fresh.payments);
  await replace(ctx, 'order_refunds', refundColumns, replaced.refunds, fresh.refunds);
  await replace(ctx, 'order_returns', returnColumns, replaced.returns, fresh.returns);
  await replace(ctx, 'order_packages', packageColumns, replaced.packages, fresh.packages);
}

async function replace<Columns extends ColumnTypes>(
  ctx: Ctx,
  table: string,
  columns: Columns,
  orderIds: readonly OrderId[],
  fresh: readonly RowOf<Columns>[],
): Promise<void> {
  await remove(ctx, table, orderIds);
  await insertRows(ctx, table, columns, fresh);
}

async function remove(ctx: Ctx, table: string, orderIds: readonly OrderId[]): Promise<void> {
  if (orderIds.length === 0) return;
  await rows(ctx.tx, sql`delete from ${sql.raw(table)} where order_id = any(${list('uuid', orderIds)})`);
}
