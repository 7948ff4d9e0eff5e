import { sql } from 'drizzle-orm';
import { decodeCursor, toPage, type Page, type PageRequest } from '../../kernel/index.ts';
import { rows, type AnyDb } from '../db/index.ts';

export type AuditRow = {
  readonly id: string;
  readonly at: Date;
  readonly actorKind: string;
  readonly actorId: string;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly requestId: string | null;
};

/** Newest first. */
export async function listAudit(db: AnyDb, page: PageRequest): Promise<Page<AuditRow>> {
  const [afterAt = null, afterId = null] = page.after === null ? [] : decodeCursor(page.after, 2);
  const found = await rows<AuditRow & { atKey: string }>(
    db,
    sql`SELECT id, at, actor_kind AS "actorKind", actor_id AS "actorId", action, subject_kind AS "subjectKind",
               subject_id AS "subjectId", data, request_id AS "requestId", at::text AS "atKey"
        FROM audit_entries
        WHERE ${afterAt}::timestamptz IS NULL OR (at, id) < (${afterAt}::timestamptz, ${afterId}::uuid)
        ORDER BY at DESC, id DESC
        LIMIT ${page.limit + 1}`,
  );
  const { items, next } = toPage(found, page.limit, (row) => [row.atKey, row.id]);
  return { items: items.map(({ atKey: _, ...row }) => row), next };
}
