import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { InboxEventId, ShopId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import type { InboxStored } from './events.ts';

export type ReplayFilter = {
  readonly shopId: ShopId | null;
  readonly eventIds: readonly InboxEventId[] | null;
  /** `cause.code`, as the list of parked messages shows it. */
  readonly causeCode: string | null;
  readonly limit: number;
};

/** Sends parked documents through again, oldest first. One whose bytes are gone by retention stays parked. */
export async function replayInbox(ctx: Ctx, filter: ReplayFilter): Promise<{ replayed: number }> {
  authorise(ctx, 'orders:write');
  const replayed = await rows<{ shopId: ShopId }>(
    ctx.tx,
    sql`update inbox_events e set state = 'pending', due_at = ${ctx.now}, finished_at = null
        from (
          select p.id from inbox_events p join inbox_bodies b on b.inbox_event_id = p.id
          where p.state = 'parked' and p.topic = 'order'
            and (${filter.shopId}::uuid is null or p.shop_id = ${filter.shopId}::uuid)
            and (${filter.eventIds === null}::bool or p.id = any(${list('uuid', filter.eventIds ?? [])}))
            and (${filter.causeCode}::text is null or p.cause->>'code' = ${filter.causeCode}::text)
          order by p.received_at, p.id limit ${filter.limit} for update of p skip locked
        ) as found
        where e.id = found.id
        returning e.shop_id as "shopId"`,
  );
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
