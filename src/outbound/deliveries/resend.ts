import { sql } from 'drizzle-orm';
import { shopLane } from '../../channels/index.ts';
import { authorise } from '../../identity/index.ts';
import type { OrderId, ShopId } from '../../kernel/index.ts';
import { lockOrders, placeHolds } from '../../orders/index.ts';
import { writeAudit } from '../../platform/audit/index.ts';
import { list, onBehalf, rows, type Ctx } from '../../platform/db/index.ts';
import type { DeliverySubject } from './delivery-log.ts';
import { unknownDelivery } from './queries.ts';

/** One message, or all whose last attempt was made since then and failed. */
export type ResendChoice = { readonly messageId: string } | { readonly failedSince: Date };

export type Resent = { readonly messages: number; readonly listings: number };

const messagesMax = 10_000;

/**
 * Sends messages again, at once. A package, a cancel or a refund goes out under the id it had, so that a channel which took
 * it already does nothing; of stock the newest number is told instead, under an id of its own. Throws Fault
 * `delivery.unknown`.
 */
export async function resendDeliveries(ctx: Ctx, shopId: ShopId, choice: ResendChoice): Promise<Resent> {
  authorise(ctx, 'shops:write');
  const chosen = await findChosen(ctx, shopId, choice);
  if ('messageId' in choice && chosen.length === 0) throw unknownDelivery(choice.messageId);
  const idsOf = (kind: DeliverySubject['kind']): string[] => [
    ...new Set(chosen.flatMap((message) => (message.subjectKind === kind ? message.subjects : []))),
  ];
  await resendRequests(ctx, shopId, idsOf('channel_request'));
  await rows(
    ctx.tx,
    sql`update announcements set state = 'due', due_at = ${ctx.now}, attempts = 0, cause = null
        where id = any(${list('uuid', idsOf('announcement'))}) and shop_id = ${shopId}
          and state in ('due', 'refused', 'announced')`,
  );
  const listings = await tellAgain(ctx, shopId, idsOf('listings'));
  const resent = { messages: chosen.length, listings };
  await writeAudit(ctx, {
    action: 'delivery.resent',
    subjectKind: 'shop',
    subjectId: shopId,
    data: { ...resent, ...('messageId' in choice ? choice : { failedSince: choice.failedSince.toISOString() }) },
  });
  ctx.rings.add(shopLane(shopId));
  return resent;
}

type Chosen = { readonly subjectKind: DeliverySubject['kind']; readonly subjects: readonly string[] };

async function findChosen(ctx: Ctx, shopId: ShopId, choice: ResendChoice): Promise<Chosen[]> {
  const messageId = 'messageId' in choice ? choice.messageId : null;
  const since = 'failedSince' in choice ? choice.failedSince : null;
  return rows<Chosen>(
    ctx.tx,
    sql`select "subjectKind", subjects from (
          select distinct on (message_id) subject_kind as "subjectKind", subjects, error, at from delivery_attempts
          where shop_id = ${shopId} and (${messageId}::text is null or message_id = ${messageId}::text)
            and (${since}::timestamptz is null or at >= ${since}::timestamptz)
          order by message_id, attempt desc
        ) as last
        where ${messageId}::text is not null or error is not null
        order by at limit ${messagesMax}`,
  );
}

/** A cancel that was refused had given its order free: it is held again, as when it was asked. */
async function resendRequests(ctx: Ctx, shopId: ShopId, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const refused = await rows<{ requestId: string; orderId: OrderId }>(
    ctx.tx,
    sql`select id as "requestId", order_id as "orderId" from channel_requests
        where id = any(${list('uuid', ids)}) and shop_id = ${shopId} and kind = 'cancel' and state = 'refused'`,
  );
  await lockOrders(
    ctx,
    refused.map(({ orderId }) => orderId),
  );
  await rows(
    ctx.tx,
    sql`update channel_requests set state = 'due', due_at = ${ctx.now}, attempts = 0, cause = null, finished_at = null
        where id = any(${list('uuid', ids)}) and shop_id = ${shopId} and state in ('due', 'refused', 'done')`,
  );
  await placeHolds(
    onBehalf(ctx, 'resend_deliveries'),
    refused.map(({ requestId, orderId }) => ({ orderId, kind: 'cancel_asked' as const, cause: { requestId } })),
  );
}

async function tellAgain(ctx: Ctx, shopId: ShopId, listingIds: readonly string[]): Promise<number> {
  const bumped = await rows(
    ctx.tx,
    sql`with chosen as (
          select id from listings where id = any(${list('uuid', listingIds)}) and shop_id = ${shopId}
          order by id for no key update
        )
        update listings l set wanted_version = l.wanted_version + 1, push_due_at = null, push_failures = 0
        from chosen where l.id = chosen.id returning l.id`,
  );
  return bumped.length;
}
