import { sql } from 'drizzle-orm';
import type { ShopSession } from '../channels/index.ts';
import type { RawDocument } from '../connector-kit/index.ts';
import { newId, storableText, type ShopId } from '../kernel/index.ts';
import { touchReads } from '../orders/index.ts';
import { list, rows, unnest, type ColumnTypes, type Ctx } from '../platform/db/index.ts';
import { contentHash } from './content-hash.ts';
import { insertEvents, type NewEvent } from './insert-events.ts';
import { keyThatFits } from './keys-that-fit.ts';

export type DocumentSource = {
  readonly source: 'poll' | 'read' | 'api';
  /** Postgres's clock before the call that brought them; of the API, when it was called. */
  readonly readStartedAt: Date;
  /** Taken in after what is new today. */
  readonly isBackfill: boolean;
};

/**
 * Stores what a poll or a read brought, in the transaction that moves its cursor. A document equal to the last one stored
 * of its order is not stored again (one that went from A to B and back to A is); only the time of its read moves.
 */
export async function storeDocuments(
  ctx: Ctx,
  session: Pick<ShopSession, 'shop' | 'dataKey'>,
  documents: readonly RawDocument[],
  from: DocumentSource,
): Promise<number> {
  const { shopId } = session.shop;
  const keyed = documents.map((document) => ({
    ...document,
    externalId: keyThatFits(storableText(document.externalId)),
  }));
  const lastOfEach = [...new Map(keyed.map((document) => [document.externalId, document])).values()];
  const hashed = lastOfEach.map((document) => ({ document, hash: contentHash(document.body) }));
  const stored = await readLastHashes(
    ctx,
    shopId,
    lastOfEach.map((document) => document.externalId),
  );
  const isKnown = ({ document, hash }: (typeof hashed)[number]): boolean => {
    const last = stored.get(document.externalId);
    return last !== undefined && Buffer.compare(last, hash) === 0;
  };
  const { readStartedAt } = from;
  const known = hashed.filter(isKnown).map(({ document, hash }) => ({
    externalId: document.externalId,
    documentHash: hash,
    sourceVersion: document.version,
    readStartedAt,
  }));
  // What still waits first: once it is applied, the order itself is touched.
  await touchWaiting(ctx, shopId, known);
  await touchReads(ctx, shopId, known);
  const fresh = hashed
    .filter((each) => !isKnown(each))
    .map(({ document, hash }): NewEvent => ({
      id: newId<'inbox_event'>(),
      source: from.source,
      topic: 'order',
      externalId: document.externalId,
      dedupeKey: `${from.source}:${document.externalId}:${readStartedAt.getTime()}:${hash.toString('base64url')}`,
      state: 'pending',
      contentHash: hash,
      sourceVersion: document.version,
      readStartedAt,
      isBackfill: from.isBackfill,
      cause: null,
      body: Buffer.from(document.body, 'utf8'),
    }));
  return (await insertEvents(ctx, session, fresh)).size;
}

const waitingColumns = {
  externalId: 'text',
  documentHash: 'bytea',
  readStartedAt: 'timestamptz',
} as const satisfies ColumnTypes;

type Known = { readonly externalId: string; readonly documentHash: Uint8Array; readonly readStartedAt: Date };

/**
 * An equal document that still waits in the inbox was seen again: it is as new as that. Otherwise the order would take the
 * earlier time with it, and what was announced between the two would never count as read back.
 */
async function touchWaiting(ctx: Ctx, shopId: ShopId, known: readonly Known[]): Promise<void> {
  if (known.length === 0) return;
  await rows(
    ctx.tx,
    sql`update inbox_events e set read_started_at = t.read_started_at from ${unnest(waitingColumns, known)}
        where e.shop_id = ${shopId} and e.external_id = t.external_id and e.topic = 'order' and e.state = 'pending'
          and e.content_hash = t.document_hash and e.read_started_at < t.read_started_at`,
  );
}

/** The hash of the last document stored of each order, whatever brought it. */
async function readLastHashes(
  ctx: Ctx,
  shopId: ShopId,
  externalIds: readonly string[],
): Promise<Map<string, Uint8Array>> {
  if (externalIds.length === 0) return new Map();
  const found = await rows<{ externalId: string; hash: Uint8Array }>(
    ctx.tx,
    sql`select t.external_id as "externalId", e.content_hash as hash
        from unnest(${list('text', externalIds)}) as t(external_id)
        cross join lateral (
          select content_hash from inbox_events
          where shop_id = ${shopId} and external_id = t.external_id and topic = 'order'
          order by received_at desc, id desc limit 1
        ) as e`,
  );
  return new Map(found.map((row) => [row.externalId, row.hash]));
}
