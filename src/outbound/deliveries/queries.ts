import { sql } from 'drizzle-orm';
import { decodeCursor, Fault, toPage, type Page, type PageRequest, type ShopId } from '../../kernel/index.ts';
import { rows, type AnyDb } from '../../platform/db/index.ts';
import type { DeliverySubject } from './delivery-log.ts';

export type DeliveryAttemptRow = {
  readonly messageId: string;
  readonly type: string;
  readonly subjectKind: DeliverySubject['kind'];
  readonly subjects: readonly string[];
  readonly attempt: number;
  readonly at: Date;
  readonly durationMs: number;
  readonly status: number | null;
  readonly excerpt: string | null;
  readonly error: string | null;
  readonly nextAt: Date | null;
};

const attemptColumns = sql`d.message_id as "messageId", d.type, d.subject_kind as "subjectKind", d.subjects, d.attempt, d.at,
  d.duration_ms as "durationMs", d.status, d.excerpt, d.error, d.next_at as "nextAt"`;

export type DeliveryFilters = {
  readonly state: 'delivered' | 'failed' | null;
  readonly type: string | null;
};

/** Attempts of a shop, newest first. */
export async function listDeliveries(
  db: AnyDb,
  shopId: ShopId,
  page: PageRequest,
  { state, type }: DeliveryFilters,
): Promise<Page<DeliveryAttemptRow>> {
  const [at, id] = page.after === null ? [null, null] : decodeCursor(page.after, 2);
  const found = await rows<DeliveryAttemptRow & { key: string; id: string }>(
    db,
    sql`select ${attemptColumns}, d.id, d.at::text as key from delivery_attempts d
        where d.shop_id = ${shopId} and (${id}::uuid is null or (d.at, d.id) < (${at}::timestamptz, ${id}::uuid))
          and (${state}::text is null or (d.error is not null) = (${state}::text = 'failed'))
          and (${type}::text is null or d.type = ${type}::text)
        order by d.at desc, d.id desc limit ${page.limit + 1}`,
  );
  const { items, next } = toPage(found, page.limit, (row) => [row.key, row.id]);
  return { items: items.map(({ key: _key, id: _id, ...attempt }) => attempt), next };
}

const attemptsShownMax = 200;

/** The attempts of one message, the last first. Throws Fault `delivery.unknown`. */
export async function getDelivery(db: AnyDb, shopId: ShopId, messageId: string): Promise<DeliveryAttemptRow[]> {
  const found = await rows<DeliveryAttemptRow>(
    db,
    sql`select ${attemptColumns} from delivery_attempts d where d.shop_id = ${shopId} and d.message_id = ${messageId}
        order by d.attempt desc limit ${attemptsShownMax}`,
  );
  if (found.length === 0) throw unknownDelivery(messageId);
  return found;
}

export function unknownDelivery(messageId: string): Fault {
  const message = `no attempt of a message ${messageId} is in the log of this shop`;
  return new Fault('not_found', 'delivery.unknown', { message, data: { messageId } });
}
