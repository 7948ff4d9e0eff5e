import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { ShopId } from '../kernel/index.ts';
import { rows, unnest, type ColumnTypes, type Ctx } from '../platform/db/index.ts';

const seenColumns = {
  externalId: 'text',
  documentHash: 'bytea',
  sourceVersion: 'numeric',
  readStartedAt: 'timestamptz',
} as const satisfies ColumnTypes;

/** A read that brought nothing new: the document is the one last applied, seen again. */
export type SeenUnchanged = {
  readonly externalId: string;
  readonly documentHash: Uint8Array;
  readonly sourceVersion: string | null;
  readonly readStartedAt: Date;
};

/**
 * Moves the age of orders whose document is unchanged: it is now known to hold as of the later read, so that what is older
 * than that read stays out and the age of an order means what it says.
 */
export async function touchReads(ctx: Ctx, shopId: ShopId, seen: readonly SeenUnchanged[]): Promise<void> {
  authorise(ctx, 'orders:write');
  if (seen.length === 0) return;
  await rows(
    ctx.tx,
    sql`update orders o set source_version = t.source_version, read_started_at = t.read_started_at
        from ${unnest(seenColumns, seen)}
        where o.shop_id = ${shopId} and o.external_id = t.external_id and o.document_hash = t.document_hash
          and (coalesce(t.source_version, 0), t.read_started_at) > (coalesce(o.source_version, 0), o.read_started_at)`,
  );
}
