import { sql } from 'drizzle-orm';
import type { OrderId, ShopId } from '../../kernel/index.ts';
import { firstRow, type AnyDb } from '../../platform/db/index.ts';
import { ruleOf, type EffectiveRule } from '../rules.ts';

/** What any request of an order is made of. */
export type OrderToBill = Omit<EffectiveRule, 'at' | 'ordersSince'> & {
  readonly orderId: OrderId;
  readonly shopId: ShopId;
  readonly version: number;
  /** Cancelled, or superseded by the parts its channel split it into. */
  readonly isOff: boolean;
};

export function readOrderToBill(db: AnyDb, orderId: OrderId): Promise<OrderToBill | null> {
  return firstRow<OrderToBill>(
    db,
    sql`select o.id as "orderId", o.shop_id as "shopId", o.version,
               o.cancelled_at is not null or o.superseded_by is not null as "isOff", rule.language,
               rule.invoice_series_id as "invoiceSeriesId", rule.credit_series_id as "creditSeriesId"
        from orders o cross join lateral ${ruleOf(sql`o.shop_id`)} where o.id = ${orderId}`,
  );
}
