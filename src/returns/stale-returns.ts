import { sql } from 'drizzle-orm';
import type { ShopId } from '../kernel/index.ts';
import { rows, type Ctx } from '../platform/db/index.ts';
import { openExceptions, type ExceptionKey } from '../platform/exceptions/index.ts';
import type { ReturnId } from './return-states.ts';

/** A parcel is on its way for days; after this long somebody should ask where it is. */
const returnWaitDaysMax = 21;
const toldPerPassMax = 200;

export function staleException(returnId: ReturnId): ExceptionKey {
  return { kind: 'return.waits_long', subjectKind: 'return', subjectId: returnId };
}

/** Opens an exception for each return that waits for a decision too long and has none yet; answers with how many. */
export async function tellStaleReturns(ctx: Ctx): Promise<number> {
  const stale = await rows<{ returnId: ReturnId; number: number; shopId: ShopId; waitDays: number }>(
    ctx.tx,
    sql`select r.id as "returnId", r.number, r.shop_id as "shopId",
               extract(day from ${ctx.now}::timestamptz - r.created_at)::int4 as "waitDays"
        from returns r
        where r.state = 'open' and r.created_at < ${ctx.now}::timestamptz - make_interval(days => ${returnWaitDaysMax})
          and not exists (select from exceptions e where e.kind = 'return.waits_long' and e.subject_kind = 'return'
                            and e.subject_id = r.id::text and e.closed_at is null)
        order by r.created_at, r.id limit ${toldPerPassMax}`,
  );
  await openExceptions(
    ctx,
    stale.map(({ returnId, number, shopId, waitDays }) => ({
      ...staleException(returnId),
      shopId,
      cause: { return: number, waitDays },
      nextStep: `Decide what came back: wharf return decide ${number}; none where nothing did.`,
    })),
  );
  return stale.length;
}
