import { sql } from 'drizzle-orm';
import { Fault } from '../../kernel/index.ts';
import { firstRow, type Ctx } from '../db/index.ts';

const retryDelayMsMin = 1_000;
const retryDelayMsMax = 60_000;

/**
 * Gives the lease back after a failure; the lane waits: 1, 2, 4 … 60 s, each lengthened by up to a half at random, or as
 * long as the Fault asks for. Answers with the number of failures in a row, null when the lease was another's.
 */
export async function recordFailure(ctx: Ctx, lane: string, token: string, error: unknown): Promise<number | null> {
  const askedMs = error instanceof Fault ? (error.retryAfterMs ?? 0) : 0;
  const row = await firstRow<{ failures: number }>(
    ctx.tx,
    sql`UPDATE lanes
        SET lease_token = NULL, leased_until = NULL, failures = failures + 1,
            retry_at = ${ctx.now}::timestamptz + interval '1 millisecond' * greatest(
              ${askedMs}::float8,
              least(${retryDelayMsMax}::float8, ${retryDelayMsMin}::float8 * power(2, least(failures, 20))) * ${1 + Math.random() / 2}::float8
            ),
            last_error = ${errorText(error)}, last_error_at = ${ctx.now}
        WHERE name = ${lane} AND lease_token = ${token}::uuid
        RETURNING failures`,
  );
  return row?.failures ?? null;
}

/** Code and message of an expected failure; of an unexpected one only what kind it is, as its message may carry data. */
function errorText(error: unknown): string {
  if (error instanceof Fault) return `${error.code}: ${error.message}`.slice(0, 500);
  if (!(error instanceof Error)) return 'unknown';
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? `${error.name} ${code}`.slice(0, 500) : error.name;
}
