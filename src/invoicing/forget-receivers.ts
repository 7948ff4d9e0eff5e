import { sql } from 'drizzle-orm';
import { rows, type Ctx } from '../platform/db/index.ts';

const forgottenPerPassMax = 1_000;

/** Receivers whose term of law is over, with their keys; the figures stay. Answers with how many, at most 1,000 a pass. */
export async function forgetReceivers(ctx: Ctx): Promise<number> {
  const forgotten = await rows(
    ctx.tx,
    sql`delete from invoice_receivers where invoice_id in (
          select invoice_id from invoice_receivers where keep_until < (${ctx.now}::timestamptz at time zone 'UTC')::date
          order by keep_until limit ${forgottenPerPassMax})
        returning invoice_id`,
  );
  return forgotten.length;
}
