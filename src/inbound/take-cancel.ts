import { sql } from 'drizzle-orm';
import type { ShopSession } from '../channels/index.ts';
import { channelOrder, type RawDocument, type VerifiedWebhook } from '../connector-kit/index.ts';
import { newId, type InboxEventId, type ShopId } from '../kernel/index.ts';
import { keepTombstones } from '../orders/index.ts';
import { firstRow, type Ctx } from '../platform/db/index.ts';
import { openExceptions } from '../platform/exceptions/index.ts';
import { contentHash } from './content-hash.ts';
import { bodyField, insertEvents } from './insert-events.ts';

type Cancel = NonNullable<VerifiedWebhook['cancel']>;

type Stored = {
  readonly id: InboxEventId;
  readonly sourceVersion: string | null;
  readonly readStartedAt: Date;
  readonly ciphertext: Uint8Array | null;
};

/**
 * A cancel told without its order, by a channel that cannot be asked for it. It is kept as a tombstone for documents that were
 * told before it and come after it; the newest one that is here already becomes a document that is cancelled. Hold
 * `lockPushed` of the order.
 */
export async function takeCancel(
  ctx: Ctx,
  session: ShopSession,
  told: { readonly externalId: string; readonly cancel: Cancel; readonly toldAt: Date; readonly dedupeKey: string },
): Promise<void> {
  const { shopId } = session.shop;
  const { externalId, cancel, toldAt } = told;
  const notice = { externalId, cancelledAt: new Date(cancel.cancelledAt), reason: cancel.reason, toldAt };
  await keepTombstones(ctx, shopId, [notice]);
  const stored = await findNewest(ctx, shopId, externalId);
  if (stored === null || stored.readStartedAt > toldAt) return;
  const document = cancelledDocument(session, stored, cancel);
  if (document === null) return openExceptions(ctx, [unapplied(shopId, externalId)]);
  const body = Buffer.from(document.body, 'utf8');
  await insertEvents(ctx, session, [
    {
      id: newId<'inbox_event'>(),
      source: 'webhook',
      topic: 'order',
      externalId,
      dedupeKey: `cancelled:${told.dedupeKey}`,
      state: 'pending',
      contentHash: contentHash(body),
      sourceVersion: stored.sourceVersion,
      readStartedAt: toldAt,
      isBackfill: false,
      cause: null,
      body,
    },
  ]);
}

async function findNewest(ctx: Ctx, shopId: ShopId, externalId: string): Promise<Stored | null> {
  return firstRow<Stored>(
    ctx.tx,
    sql`select e.id, e.source_version as "sourceVersion", e.read_started_at as "readStartedAt", b.ciphertext
        from inbox_events e left join inbox_bodies b on b.inbox_event_id = e.id
        where e.shop_id = ${shopId} and e.external_id = ${externalId} and e.topic = 'order' and e.state in ('pending', 'applied')
        order by e.source_version desc nulls last, e.read_started_at desc, e.id desc limit 1`,
  );
}

/** Null where the document is no more, by retention, or cannot be read. */
function cancelledDocument(session: ShopSession, stored: Stored, cancel: Cancel): RawDocument | null {
  const { orders } = session.connector;
  if (stored.ciphertext === null || orders.fromChannelOrder === undefined) return null;
  const body = Buffer.from(session.dataKey.open(stored.ciphertext, bodyField(stored.id))).toString('utf8');
  try {
    const order = channelOrder.parse(orders.toChannelOrder(body, session.settings));
    if (order.cancelledAt !== null) return { externalId: order.externalId, body, version: order.version };
    return orders.fromChannelOrder({ ...order, cancelledAt: cancel.cancelledAt, cancelReason: cancel.reason });
  } catch {
    return null;
  }
}

function unapplied(shopId: ShopId, externalId: string): Parameters<typeof openExceptions>[1][number] {
  return {
    kind: 'order.cancel_not_applied',
    subjectKind: 'channel_order',
    subjectId: `${shopId}:${externalId}`,
    shopId,
    cause: { code: 'order.document_deleted', externalId },
    nextStep: 'The document of this order is past its retention: let the store send the whole order, cancelled.',
  };
}
