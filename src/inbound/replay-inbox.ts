import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { InboxEventId, ShopId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import type { InboxStored } from './events.ts';
import { findReplayable, type ReplayFilter } from './find-replayable.ts';

/** Sends parked documents through again, oldest first. One whose bytes are gone by retention stays parked. */
export async function replayInbox(ctx: Ctx, filter: ReplayFilter): Promise<{ replayed: number }> {
  authorise(ctx, 'orders:write');
  const found = await findReplayable(ctx.tx, { ...filter, state: 'parked' });
  const ready = found.filter(({ means }) => means === 'ready').map(({ eventId }) => eventId);
  const replayed = await sendAgain(ctx, ready);
  for (const shopId of new Set(replayed.map((row) => row.shopId))) {
    const stored: InboxStored = { kind: 'inbox.stored', shopId };
    ctx.events.push(stored);
  }
  await writeAudit(ctx, {
    action: 'inbox.replayed',
    subjectKind: 'inbox',
    subjectId: null,
    data: { shopId: filter.shopId, causeCode: filter.causeCode, replayed: replayed.length },
  });
  return { replayed: replayed.length };
}

/** Locks by id; what another holds or has sent through meanwhile is left to it. */
async function sendAgain(ctx: Ctx, eventIds: readonly InboxEventId[]): Promise<{ shopId: ShopId }[]> {
  if (eventIds.length === 0) return [];
  return rows<{ shopId: ShopId }>(
    ctx.tx,
    sql`update inbox_events e set state = 'pending', due_at = ${ctx.now}, finished_at = null
        from (
          select id from inbox_events where id = any(${list('uuid', eventIds)}) and state = 'parked'
          order by id for update skip locked
        ) as found
        where e.id = found.id
        returning e.shop_id as "shopId"`,
  );
}
