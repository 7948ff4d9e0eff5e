import { sql } from 'drizzle-orm';
import { list, rows, type Ctx } from '../db/index.ts';
import type { ExceptionKey } from './open-exceptions.ts';

/** Closes those that are open; others are left alone. Answers with how many it closed. */
export async function closeExceptions(ctx: Ctx, keys: readonly ExceptionKey[]): Promise<number> {
  if (keys.length === 0) return 0;
  const closed = await rows(
    ctx.tx,
    sql`UPDATE exceptions SET closed_at = ${ctx.now}
        WHERE id IN (
          SELECT e.id FROM exceptions e
          JOIN unnest(${list(
            'text',
            keys.map((key) => key.kind),
          )}, ${list(
            'text',
            keys.map((key) => key.subjectKind),
          )},
                      ${list(
                        'text',
                        keys.map((key) => key.subjectId),
                      )}) AS input (kind, subject_kind, subject_id)
            ON e.kind = input.kind AND e.subject_kind = input.subject_kind AND e.subject_id = input.subject_id
          WHERE e.closed_at IS NULL
          ORDER BY e.id FOR UPDATE OF e
        )
        RETURNING id`,
  );
  return closed.length;
}
