import { sql, type SQL } from 'drizzle-orm';
import type { ShopId } from '../kernel/index.ts';
import { rows, type AnyDb } from '../platform/db/index.ts';
import type { Language } from './content.ts';
import type { SeriesId } from './ids.ts';

export const moments = ['ship_out', 'payment', 'never'] as const;
export type Moment = (typeof moments)[number];

/** The company's rule (no shop), or what a shop does otherwise: null keeps the company's. */
export type InvoiceRule = {
  readonly shopId: ShopId | null;
  readonly at: Moment | null;
  readonly language: Language | null;
  readonly invoiceSeries: string | null;
  readonly creditSeries: string | null;
  /** Orders placed earlier are not invoiced by the rule. */
  readonly ordersSince: Date | null;
  readonly updatedAt: Date;
};

/** The company's first, then by shop. */
export function listRules(db: AnyDb): Promise<InvoiceRule[]> {
  return rows<InvoiceRule>(
    db,
    sql`select r.shop_id as "shopId", r.at, r.language, i.code as "invoiceSeries", c.code as "creditSeries",
               r.orders_since as "ordersSince", r.updated_at as "updatedAt"
        from invoice_rules r
        left join invoice_series i on i.id = r.invoice_series_id
        left join invoice_series c on c.id = r.credit_series_id
        order by r.shop_id nulls first limit 1000`,
  );
}

export type EffectiveRule = {
  readonly at: Moment;
  readonly ordersSince: Date;
  readonly language: Language;
  readonly invoiceSeriesId: SeriesId;
  readonly creditSeriesId: SeriesId;
};

/** `cross join lateral` this to have `rule.*` of a shop: its own where it says so, else the company's. */
export function ruleOf(shopId: SQL): SQL {
  return sql`(
    select coalesce(s.at, c.at) as at, case when s.at is null then c.orders_since else s.orders_since end as orders_since,
           coalesce(s.language, c.language) as language,
           coalesce(s.invoice_series_id, c.invoice_series_id) as invoice_series_id,
           coalesce(s.credit_series_id, c.credit_series_id) as credit_series_id
    from invoice_rules c left join invoice_rules s on s.shop_id = ${shopId}
    where c.shop_id is null) rule`;
}
