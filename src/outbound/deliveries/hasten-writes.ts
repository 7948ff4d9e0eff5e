import { sql } from 'drizzle-orm';
import { shopLane } from '../../channels/index.ts';
import type { ShopId } from '../../kernel/index.ts';
import { list, rows, type Ctx, type DomainEvent, type Marker } from '../../platform/db/index.ts';

/**
 * A channel that was away answers again, or a person says it should be tried: what waits for its turn after a failure is due
 * at once, however long its wait had grown. What another holds, or whose outcome is open, is left to its time.
 */
export function hastenedWritesMarker(): Marker {
  return {
    name: 'hastened_writes',
    kinds: ['shop.recovered', 'shop.resumed', 'shop.changed'],
    mark: (ctx, events) => hastenWrites(ctx, [...new Set(events.flatMap(shopIdOf))]),
  };
}

function shopIdOf(event: DomainEvent): ShopId[] {
  return 'shopId' in event && typeof event.shopId === 'string' ? [event.shopId as ShopId] : [];
}

async function hastenWrites(ctx: Ctx, shopIds: readonly ShopId[]): Promise<void> {
  const shops = list('uuid', shopIds);
  for (const table of ['announcements', 'channel_requests'] as const) {
    await rows(
      ctx.tx,
      sql`update ${sql.raw(table)} w set due_at = ${ctx.now}
          from (
            select id from ${sql.raw(table)} where shop_id = any(${shops}) and state = 'due' and due_at > ${ctx.now}
            order by id for update skip locked
          ) as waiting
          where w.id = waiting.id`,
    );
  }
  await rows(
    ctx.tx,
    sql`update listings l set push_due_at = null, push_failures = 0
        from (
          select id from listings where shop_id = any(${shops}) and push_due_at > ${ctx.now}
          order by id for update skip locked
        ) as waiting
        where l.id = waiting.id`,
  );
  for (const shopId of shopIds) ctx.rings.add(shopLane(shopId));
}
