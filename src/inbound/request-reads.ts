import { sql } from 'drizzle-orm';
import { shopLane } from '../channels/index.ts';
import { authorise } from '../identity/index.ts';
import { compareBytes, type ShopId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import type { ReadAsked } from './events.ts';

export type ReadReason = 'webhook' | 'own_write' | 'open' | 'sweep' | 'asked';

/** Asks for orders to be read again now. Several askings before the read are answered by one that begins after the last. */
export async function requestReads(
  ctx: Ctx,
  shopId: ShopId,
  externalIds: readonly string[],
  reason: ReadReason,
): Promise<void> {
  authorise(ctx, 'orders:read');
  if (externalIds.length === 0) return;
  const sorted = [...new Set(externalIds)].toSorted(compareBytes);
  await rows(
    ctx.tx,
    sql`insert into order_reads (shop_id, external_id, due_at, reason, asked_at)
        select ${shopId}, external_id, ${ctx.now}, ${reason}, ${ctx.now} from unnest(${list('text', sorted)}) as t(external_id)
        on conflict (shop_id, external_id) do update
        set due_at = least(order_reads.due_at, excluded.due_at), asked_at = greatest(order_reads.asked_at, excluded.asked_at),
            reason = excluded.reason, attempts = 0`,
  );
  const asked: ReadAsked = { kind: 'read.asked', shopId };
  ctx.events.push(asked);
  ctx.rings.add(shopLane(shopId));
}
