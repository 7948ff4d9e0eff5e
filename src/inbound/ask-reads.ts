import { sql } from 'drizzle-orm';
import { compareBytes, type ShopId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';

/** Asks for open orders that nobody has asked for yet; one that waits already, or waits after a failure, is left alone. */
export async function askReads(ctx: Ctx, shopId: ShopId, externalIds: readonly string[]): Promise<number> {
  if (externalIds.length === 0) return 0;
  const asked = await rows(
    ctx.tx,
    sql`insert into order_reads (shop_id, external_id, due_at, reason, asked_at)
        select ${shopId}, external_id, ${ctx.now}, 'open', ${ctx.now}
        from unnest(${list('text', externalIds.toSorted(compareBytes))}) as t(external_id)
        on conflict (shop_id, external_id) do nothing returning external_id`,
  );
  return asked.length;
}
