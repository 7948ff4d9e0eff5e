import { authorise } from '../identity/index.ts';
import type { ShopId } from '../kernel/index.ts';
import type { ColumnTypes, Ctx } from '../platform/db/index.ts';
import { sql } from 'drizzle-orm';
import { list, rows } from '../platform/db/index.ts';
import { insertRows } from './insert-rows.ts';

export type CancelNotice = {
  readonly externalId: string;
  readonly cancelledAt: Date;
  readonly reason: string | null;
  /** When the channel said so, where it says when; else the time of arrival. */
  readonly toldAt?: Date;
};

export type Tombstone = CancelNotice & { readonly createdAt: Date };

const tombstoneColumns = {
  shopId: 'uuid',
  externalId: 'text',
  cancelledAt: 'timestamptz',
  reason: 'text',
  createdAt: 'timestamptz',
} as const satisfies ColumnTypes;

/**
 * Keeps cancel notices that came without a document for orders not taken in yet: a document read before the notice is
 * then stored as cancelled. Of two notices the later stands. For an order that is known already the channel is asked again
 * instead.
 */
export async function keepTombstones(ctx: Ctx, shopId: ShopId, notices: readonly CancelNotice[]): Promise<void> {
  authorise(ctx, 'orders:write');
  await insertRows(
    ctx,
    'order_tombstones',
    tombstoneColumns,
    notices.map(({ toldAt = ctx.now, ...notice }) => ({ ...notice, shopId, createdAt: toldAt })),
    sql`on conflict (shop_id, external_id) do update
        set cancelled_at = excluded.cancelled_at, reason = excluded.reason, created_at = excluded.created_at
        where excluded.created_at > order_tombstones.created_at`,
  );
}

export async function readTombstones(
  ctx: Ctx,
  shopId: ShopId,
  externalIds: readonly string[],
): Promise<Map<string, Tombstone>> {
  const found = await rows<Tombstone>(
    ctx.tx,
    sql`select external_id as "externalId", cancelled_at as "cancelledAt", reason, created_at as "createdAt"
        from order_tombstones where shop_id = ${shopId} and external_id = any(${list('text', externalIds)})`,
  );
  return new Map(found.map((row) => [row.externalId, row]));
}
