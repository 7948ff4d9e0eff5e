import { sql } from 'drizzle-orm';
import { bodiesDeletedPerPassMax, deliveryLogRetentionDays } from '../../../config/defaults.ts';
import { rows, type Ctx } from '../../platform/db/index.ts';

/** One batch of retention: attempts older than the term. Answers with how many went. */
export async function pruneDeliveries(ctx: Ctx): Promise<number> {
  const before = new Date(ctx.now.getTime() - deliveryLogRetentionDays * 86_400_000);
  const deleted = await rows(
    ctx.tx,
    sql`delete from delivery_attempts where id in (
          select id from delivery_attempts where at < ${before} order by at limit ${bodiesDeletedPerPassMax}
          for update skip locked
        )
        returning id`,
  );
  return deleted.length;
}
