import { sql, type SQL } from 'drizzle-orm';
import { compareBytes, type ShopId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';

/** What stands for an order or listing `t.id` of a shop. */
const keyOf = (shopId: ShopId): SQL => sql`hashtextextended(${shopId}::text || ' ' || t.id, 9)`;

/**
 * Until the end of the transaction nobody else takes in a message about these orders or listings of a shop: of a cancel notice
 * and the order it is about, one sees the other, even where neither has a row yet.
 */
export async function lockPushed(ctx: Ctx, shopId: ShopId, externalIds: readonly string[]): Promise<void> {
  const sorted = [...new Set(externalIds)].toSorted(compareBytes);
  await rows(ctx.tx, sql`select pg_advisory_xact_lock(${keyOf(shopId)}) from unnest(${list('text', sorted)}) as t(id)`);
}

/** As `lockPushed`, without waiting: answers with those that nobody else takes in now. */
export async function tryLockPushed(ctx: Ctx, shopId: ShopId, externalIds: readonly string[]): Promise<Set<string>> {
  const sorted = [...new Set(externalIds)].toSorted(compareBytes);
  const locked = await rows<{ id: string }>(
    ctx.tx,
    sql`select t.id from unnest(${list('text', sorted)}) as t(id)
        where pg_try_advisory_xact_lock(${keyOf(shopId)})`,
  );
  return new Set(locked.map(({ id }) => id));
}
