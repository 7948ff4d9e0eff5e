import { Fault, storableJson } from '../../kernel/index.ts';
import type { OrderDocument } from '../../orders/index.ts';
import { constraintName, isServersTrouble, savepoint, sqlState, type Ctx } from '../../platform/db/index.ts';

export type IntakeOutcome = 'created' | 'updated' | 'unchanged' | 'older' | 'parked';

export type IntakeResult = {
  readonly externalId: string;
  readonly outcome: IntakeOutcome;
  /** Why it was parked: a code and the fields; null otherwise. */
  readonly cause: Readonly<Record<string, unknown>> | null;
};

/**
 * Applies a batch under a savepoint. A failure nobody foresaw halves the batch until one document is left, which is parked
 * with its cause, so that one bad order never stops the others. Trouble of the database's own is thrown on: no document is to blame.
 */
export async function parkCulprit(
  ctx: Ctx,
  documents: readonly OrderDocument[],
  apply: (documents: readonly OrderDocument[]) => Promise<IntakeResult[]>,
): Promise<IntakeResult[]> {
  if (documents.length === 0) return [];
  try {
    return await savepoint(ctx, () => apply(documents));
  } catch (error) {
    if (isServersTrouble(error)) throw error;
    const [only, ...others] = documents;
    if (only !== undefined && others.length === 0) {
      ctx.log.error(
        { code: causeOf(error)['code'], inboxEventId: only.inboxEventId },
        'an order could not be taken in and was parked',
      );
      return [parked(only, error)];
    }
    const middle = Math.ceil(documents.length / 2);
    const first = await parkCulprit(ctx, documents.slice(0, middle), apply);
    return [...first, ...(await parkCulprit(ctx, documents.slice(middle), apply))];
  }
}

export function parked(document: OrderDocument, error: unknown): IntakeResult {
  return { externalId: document.order.externalId, outcome: 'parked', cause: storableJson(causeOf(error)) };
}

/** Codes and field names; messages of drivers may repeat personal data. */
function causeOf(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof Fault)
    return { code: error.code, message: error.message, fields: error.fields, data: error.data };
  const name = error instanceof Error ? error.name : 'unknown';
  return { code: 'order.not_applicable', error: name, sqlState: sqlState(error), constraint: constraintName(error) };
}
