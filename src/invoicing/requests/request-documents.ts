import { sql } from 'drizzle-orm';
import type { OrderId } from '../../kernel/index.ts';
import { columnNames, list, rows, unnest, type Ctx } from '../../platform/db/index.ts';
import { closeExceptions } from '../../platform/exceptions/index.ts';
import { invoicingLane } from '../lane-name.ts';
import { parkedException } from '../requeue-parked.ts';
import { planRequests } from './plan-requests.ts';
import { readBilledOrders } from './read-billed-orders.ts';
import { requestColumns, type RequestRow } from './request-row.ts';
import { tellOvercredited } from './tell-overcredited.ts';

/**
 * Requests the invoices and credit notes that these orders need as they stand now. The transaction holds their locks, so that
 * nothing is requested twice; unique indexes are the net. A constant number of statements, one where nothing is to be done.
 */
export async function requestDocuments(ctx: Ctx, orderIds: readonly OrderId[]): Promise<void> {
  const orders = await readBilledOrders(ctx.tx, orderIds);
  const plans = orders.map((order) => planRequests(order, ctx.now));
  const dropped = plans.flatMap((plan) => plan.dropped);
  if (dropped.length > 0) {
    await rows(
      ctx.tx,
      sql`update invoice_requests set state = 'dropped', settled_at = ${ctx.now}, cause = '{"code":"invoice.order_cancelled"}'
          where id = any(${list('uuid', dropped)}) and state in ('due', 'parked')`,
    );
    await closeExceptions(ctx, dropped.map(parkedException));
  }
  const reversed = plans.flatMap((plan) => plan.reversed);
  if (reversed.length > 0) {
    await rows(ctx.tx, sql`update invoice_requests set is_reversed = true where id = any(${list('uuid', reversed)})`);
  }
  await insertRequests(
    ctx,
    plans.flatMap((plan) => plan.inserted),
  );
  await tellOvercredited(ctx, orders);
}

export async function insertRequests(ctx: Ctx, requests: readonly RequestRow[]): Promise<void> {
  if (requests.length === 0) return;
  const names = columnNames(requestColumns);
  await rows(
    ctx.tx,
    sql`insert into invoice_requests (${names}) select ${names} from ${unnest(requestColumns, requests)} on conflict do nothing`,
  );
  ctx.rings.add(invoicingLane);
}
