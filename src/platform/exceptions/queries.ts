import { sql, type SQL } from 'drizzle-orm';
import { decodeCursor, toPage, type Page, type PageRequest } from '../../kernel/index.ts';
import { rows, type AnyDb } from '../db/index.ts';

export type ExceptionRow = {
  readonly id: string;
  readonly kind: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly shopId: string | null;
  readonly cause: Readonly<Record<string, unknown>>;
  readonly nextStep: string;
  readonly owner: string | null;
  readonly openedAt: Date;
  readonly seenAt: Date;
  readonly seenCount: number;
  readonly closedAt: Date | null;
};

export type ExceptionFilter = {
  readonly state?: 'open' | 'closed' | 'all' | undefined;
  readonly kind?: string | undefined;
  readonly shopId?: string | undefined;
  readonly subjectKind?: string | undefined;
  readonly subjectId?: string | undefined;
};

/** Newest first; the open ones unless `state` says otherwise. */
export async function listExceptions(
  db: AnyDb,
  page: PageRequest,
  filter: ExceptionFilter = {},
): Promise<Page<ExceptionRow>> {
  const [afterAt = null, afterId = null] = page.after === null ? [] : decodeCursor(page.after, 2);
  const found = await rows<ExceptionRow & { openedKey: string }>(
    db,
    sql`SELECT id, kind, subject_kind AS "subjectKind", subject_id AS "subjectId", shop_id AS "shopId", cause,
               next_step AS "nextStep", owner, opened_at AS "openedAt", seen_at AS "seenAt", seen_count AS "seenCount",
               closed_at AS "closedAt", opened_at::text AS "openedKey"
        FROM exceptions
        WHERE ${inState(filter.state ?? 'open')}
          AND ${matches(sql`kind`, filter.kind)}
          AND ${matches(sql`shop_id`, filter.shopId)}
          AND ${matches(sql`subject_kind`, filter.subjectKind)}
          AND ${matches(sql`subject_id`, filter.subjectId)}
          AND (${afterAt}::timestamptz IS NULL OR (opened_at, id) < (${afterAt}::timestamptz, ${afterId}::uuid))
        ORDER BY opened_at DESC, id DESC
        LIMIT ${page.limit + 1}`,
  );
  const { items, next } = toPage(found, page.limit, (row) => [row.openedKey, row.id]);
  return { items: items.map(({ openedKey: _, ...row }) => row), next };
}

function matches(column: SQL, value: string | undefined): SQL {
  return value === undefined ? sql`true` : sql`${column} = ${value}`;
}

function inState(state: 'open' | 'closed' | 'all'): SQL {
  switch (state) {
    case 'open':
      return sql`closed_at IS NULL`;
    case 'closed':
      return sql`closed_at IS NOT NULL`;
    case 'all':
      return sql`true`;
  }
}
