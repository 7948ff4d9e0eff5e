import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { ShopId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';

/** A read that brought nothing new: the document is the one last applied, seen again. */
export type SeenUnchanged = { readonly externalId: string; readonly documentHash: Uint8Array; readonly readStartedAt: Date };

/** Moves the time of the last read of orders whose document is unchanged, so that age means what it says. */
export async function touchReads(ctx: Ctx, shopId: ShopId, seen: readonly SeenUnchanged[]): Promise<void> {
  authorise(ctx, 'orders:write');
  if (seen.length === 0) return;
  await rows(
    ctx.tx,
    sql`update orders o set read_started_at = t.read_started_at
        from unnest(${list('text', seen.map((each) => each.externalId))}, ${list('bytea', seen.map((each) => each.documentHash))},
                    ${list('timestamptz', seen.map((each) => each.readStartedAt))}) as t(external_id, document_hash, read_started_at)
        where o.shop_id = ${shopId} and o.external_id = t.external_id and o.document_hash = t.document_hash
          and o.read_started_at < t.read_started_at`,
  );
}
