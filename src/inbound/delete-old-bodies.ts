import { sql } from 'drizzle-orm';
import { bodiesDeletedPerPassMax, inboxBodyRetentionDays } from '../../config/defaults.ts';
import { rows, type Ctx } from '../platform/db/index.ts';

/**
 * One batch of retention: bytes older than the term go, keys and states stay. A message that waits or is parked keeps its
 * bytes until it is done with. Answers with how many went.
 */
export async function deleteOldBodies(ctx: Ctx): Promise<number> {
  const before = new Date(ctx.now.getTime() - inboxBodyRetentionDays * 86_400_000);
  const deleted = await rows(
    ctx.tx,
    sql`delete from inbox_bodies where inbox_event_id in (
          select b.inbox_event_id from inbox_bodies b
          join inbox_events e on e.id = b.inbox_event_id and e.state in ('applied', 'superseded')
          where b.stored_at < ${before}
          order by b.stored_at limit ${bodiesDeletedPerPassMax} for update of b skip locked
        )
        returning inbox_event_id`,
  );
  return deleted.length;
}
