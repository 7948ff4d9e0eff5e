import { sql } from 'drizzle-orm';
import { compareBytes, newId } from '../../kernel/index.ts';
import { list, rows, type Ctx } from '../db/index.ts';

export type ExceptionKey = { readonly kind: string; readonly subjectKind: string; readonly subjectId: string };

export type ExceptionInput = ExceptionKey & {
  readonly shopId: string | null;
  /** Codes and ids, never personal data. */
  readonly cause: Readonly<Record<string, unknown>>;
  /** One sentence: what would free it. */
  readonly nextStep: string;
};

/** Opens one a (kind, subject); one that is open already is seen again, with the newest cause. */
export async function openExceptions(ctx: Ctx, inputs: readonly ExceptionInput[]): Promise<void> {
  const last = new Map(inputs.map((input) => [keyOf(input), input]));
  if (last.size === 0) return;
  const sorted = [...last].sort(([a], [b]) => compareBytes(a, b)).map(([, input]) => input);
  await rows(
    ctx.tx,
    sql`INSERT INTO exceptions (id, kind, subject_kind, subject_id, shop_id, cause, next_step, opened_at, seen_at)
        SELECT id, kind, subject_kind, subject_id, shop_id, cause, next_step, ${ctx.now}, ${ctx.now}
        FROM unnest(
          ${list(
            'uuid',
            sorted.map(() => newId()),
          )}, ${list(
            'text',
            sorted.map((input) => input.kind),
          )},
          ${list(
            'text',
            sorted.map((input) => input.subjectKind),
          )}, ${list(
            'text',
            sorted.map((input) => input.subjectId),
          )},
          ${list(
            'uuid',
            sorted.map((input) => input.shopId),
          )}, ${list(
            'jsonb',
            sorted.map((input) => input.cause),
          )},
          ${list(
            'text',
            sorted.map((input) => input.nextStep),
          )}
        ) AS input (id, kind, subject_kind, subject_id, shop_id, cause, next_step)
        ON CONFLICT (kind, subject_kind, subject_id) WHERE closed_at IS NULL
        DO UPDATE SET seen_at = excluded.seen_at, seen_count = exceptions.seen_count + 1, cause = excluded.cause,
                      next_step = excluded.next_step, shop_id = excluded.shop_id`,
  );
}

function keyOf(key: ExceptionKey): string {
  return JSON.stringify([key.kind, key.subjectKind, key.subjectId]);
}
