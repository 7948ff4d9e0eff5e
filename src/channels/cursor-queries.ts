import { sql } from 'drizzle-orm';
import type { ShopId } from '../kernel/index.ts';
import { firstRow, rows, type AnyDb } from '../platform/db/index.ts';
import type { CursorStream } from './cursor-streams.ts';

export type Cursor = {
  readonly shopId: ShopId;
  readonly stream: CursorStream;
  /** The connector's paging state inside a poll; null between polls. */
  readonly state: unknown;
  /** What the next poll starts from; null before the first has ended. */
  readonly resume: unknown;
  readonly dueAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly version: number;
};

export async function readCursor(db: AnyDb, shopId: ShopId, stream: CursorStream): Promise<Cursor | null> {
  return firstRow<Cursor>(
    db,
    sql`select shop_id as "shopId", stream, state, resume, due_at as "dueAt", started_at as "startedAt",
               finished_at as "finishedAt", version
        from shop_cursors where shop_id = ${shopId} and stream = ${stream}`,
  );
}

export type DueCursor = { readonly shopId: ShopId; readonly stream: CursorStream; readonly dueAt: Date };

/** Streams whose time has come, of shops that may be called (or of one of them); the longest waiting first. */
export async function findDueCursors(
  db: AnyDb,
  now: Date,
  only: ShopId | null = null,
  limit = 1_000,
): Promise<DueCursor[]> {
  return rows<DueCursor>(
    db,
    sql`select c.shop_id as "shopId", c.stream, c.due_at as "dueAt"
        from shop_cursors c
        join shops s on s.id = c.shop_id and s.state = 'active'
        join shop_health h on h.shop_id = c.shop_id and (h.paused_until is null or h.paused_until <= ${now})
        where c.due_at <= ${now} and (${only}::uuid is null or c.shop_id = ${only}::uuid)
        order by c.due_at, c.shop_id, c.stream limit ${limit}`,
  );
}
