import { sql } from 'drizzle-orm';
import { newId } from '../../kernel/index.ts';
import { rows, type Ctx } from '../db/index.ts';

export type AuditEntry = {
  /** The verb, with its slice: `shop.connected`, `stock.adjusted`. */
  readonly action: string;
  readonly subjectKind: string;
  /** Null where the verb touched many; then `data` says how many, or which. */
  readonly subjectId: string | null;
  /** What changed. Never secrets or personal data: rows are kept for years. */
  readonly data: Readonly<Record<string, unknown>>;
};

/** One row a batch verb, in its transaction. What the system does by itself is the order's timeline, not an audit row. */
export async function writeAudit(ctx: Ctx, entry: AuditEntry): Promise<void> {
  await rows(
    ctx.tx,
    sql`INSERT INTO audit_entries (id, at, actor_kind, actor_id, action, subject_kind, subject_id, data, request_id)
        VALUES (${newId()}::uuid, ${ctx.now}, ${ctx.actor.kind}, ${ctx.actor.id}, ${entry.action}, ${entry.subjectKind},
                ${entry.subjectId}, ${JSON.stringify(entry.data)}::jsonb, ${ctx.requestId})`,
  );
}
