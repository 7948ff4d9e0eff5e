import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { ShopId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import type { CursorStream } from './cursor-streams.ts';
import { shopLane } from './lane.ts';

/**
 * Makes streams of a shop due at once, as when somebody presses "read now". Leaves the version alone: a poll that is on its
 * way is not thrown away. Returns the streams there are.
 */
export async function askForPolls(ctx: Ctx, shopId: ShopId, streams: readonly CursorStream[]): Promise<CursorStream[]> {
  authorise(ctx, 'shops:write');
  const due = await rows<{ stream: CursorStream }>(
    ctx.tx,
    sql`update shop_cursors set due_at = least(due_at, ${ctx.now})
        where shop_id = ${shopId} and stream = any(${list('text', streams)})
        returning stream`,
  );
  if (due.length > 0) ctx.rings.add(shopLane(shopId));
  return due.map((row) => row.stream).toSorted();
}
