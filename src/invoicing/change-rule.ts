import { sql } from 'drizzle-orm';
import { getShop } from '../channels/index.ts';
import { authorise } from '../identity/index.ts';
import { invalidField, newId, type ShopId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { rows, type Ctx } from '../platform/db/index.ts';
import type { Language } from './content.ts';
import { needSeries } from './series.ts';
import type { InvoiceRule, Moment } from './rules.ts';
import { needSeller } from './seller.ts';

export type RuleChange = {
  readonly at?: Moment | null | undefined;
  readonly language?: Language | null | undefined;
  /** Code of a series. */
  readonly invoiceSeries?: string | null | undefined;
  readonly creditSeries?: string | null | undefined;
  readonly ordersSince?: Date | undefined;
};

/**
 * Changes when and how orders are invoiced, for the company (`shopId` null) or one shop; what is not named stays, and null
 * takes a shop back to the company's rule. A new moment holds for orders placed from now on unless `ordersSince` says
 * otherwise. Throws Fault `invoice.seller_missing`, `invoice_series.unknown`, `shop.unknown`.
 */
export async function changeRule(ctx: Ctx, shopId: ShopId | null, change: RuleChange): Promise<void> {
  authorise(ctx, 'invoices:write');
  await checkChange(ctx, shopId, change);
  const before = await lockRule(ctx, shopId);
  const after = {
    at: change.at === undefined ? before.at : change.at,
    language: change.language === undefined ? before.language : change.language,
    invoiceSeriesId: await seriesIdOf(ctx, change.invoiceSeries, before.invoiceSeriesId),
    creditSeriesId: await seriesIdOf(ctx, change.creditSeries, before.creditSeriesId),
  };
  const ordersSince = startOf(after.at, before, change, ctx.now);
  await rows(
    ctx.tx,
    sql`update invoice_rules set at = ${after.at}, language = ${after.language}, invoice_series_id = ${after.invoiceSeriesId},
               credit_series_id = ${after.creditSeriesId}, orders_since = ${ordersSince}, updated_at = ${ctx.now}
        where shop_id is not distinct from ${shopId}::uuid`,
  );
  await writeAudit(ctx, {
    action: 'invoicing.rule_changed',
    subjectKind: shopId === null ? 'setting' : 'shop',
    subjectId: shopId ?? 'invoicing.rule',
    data: { ...change, ordersSince: ordersSince?.toISOString() ?? null },
  });
}

async function checkChange(ctx: Ctx, shopId: ShopId | null, change: RuleChange): Promise<void> {
  if (shopId !== null) await getShop(ctx.tx, shopId);
  else refuseNothing(change);
  const invoices = change.at === 'ship_out' || change.at === 'payment';
  if (invoices) await needSeller(ctx.tx);
}

/** A moment that was set anew holds from now on, or from when the person says. */
function startOf(at: Moment | null, before: LockedRule, change: RuleChange, now: Date): Date | null {
  if (at === null) return null;
  return change.ordersSince ?? (at === before.at ? before.ordersSince : now);
}

type LockedRule = Pick<InvoiceRule, 'at' | 'language' | 'ordersSince'> & {
  readonly invoiceSeriesId: string | null;
  readonly creditSeriesId: string | null;
};

async function lockRule(ctx: Ctx, shopId: ShopId | null): Promise<LockedRule> {
  await rows(
    ctx.tx,
    sql`insert into invoice_rules (id, shop_id, updated_at) select ${newId<'invoice_rule'>()}::uuid, ${shopId}::uuid, ${ctx.now}
        where ${shopId}::uuid is not null on conflict (shop_id) do nothing`,
  );
  const [rule] = await rows<LockedRule>(
    ctx.tx,
    sql`select at, language, invoice_series_id as "invoiceSeriesId", credit_series_id as "creditSeriesId",
               orders_since as "ordersSince"
        from invoice_rules where shop_id is not distinct from ${shopId}::uuid for update`,
  );
  if (rule === undefined) throw new Error('the company has no rule');
  return rule;
}

function refuseNothing(change: RuleChange): void {
  for (const field of ['at', 'language', 'invoiceSeries', 'creditSeries'] as const) {
    if (change[field] === null) throw invalidField(field, 'invoice_rule.needed', 'the company must have one');
  }
}

async function seriesIdOf(ctx: Ctx, code: string | null | undefined, before: string | null): Promise<string | null> {
  if (code === undefined) return before;
  return code === null ? null : (await needSeries(ctx.tx, code)).seriesId;
}
