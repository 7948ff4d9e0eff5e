import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { Fault } from '../../../kernel/index.ts';
import { firstRow, rows, unknownReference, type Ctx } from '../../db/index.ts';
import { actorOf, type AppEnv } from './app-env.ts';
import type { IdempotencyClaim } from './idempotent.ts';

/**
 * One transaction for a changing request, as its caller. `work` returns what the handler answers as JSON. With an
 * Idempotency-Key the key's row is inserted first and its answer stored last, in the same transaction: a second request
 * with the key waits for the first, then gets its answer (`Idempotency-Replayed: true`) without running `work`; one with
 * another body gets Fault `idempotency.key_reused`. A failed `work` stores nothing and may be sent again.
 */
export async function mutate<Result>(c: Context<AppEnv>, work: (ctx: Ctx) => Promise<Result>): Promise<Result> {
  const actor = actorOf(c);
  const claim = c.get('idempotency') ?? null;
  const options = { actor, requestId: c.get('requestId') };
  const transact: Transact = (verb) => c.get('database').transact(options, verb).catch(throwNamed);
  if (claim === null) return transact(work);
  claim.isTaken = true;
  const { result, isReplayed } = await transact(async (ctx) => {
    const stored = await takeKey(ctx, claim);
    if (stored !== null) return { result: JSON.parse(stored) as Result, isReplayed: true };
    const fresh = await work(ctx);
    await storeAnswer(ctx, claim, JSON.stringify(fresh ?? null));
    return { result: fresh, isReplayed: false };
  });
  if (isReplayed) c.header('Idempotency-Replayed', 'true');
  return result;
}

type Transact = <Result>(work: (ctx: Ctx) => Promise<Result>) => Promise<Result>;

/** What a caller names and is not there is the caller's to know, whichever verb found out by its foreign key. */
function throwNamed(error: unknown): never {
  const path = unknownReference(error);
  if (path === null) throw error;
  throw new Fault('not_found', 'input.unknown_reference', {
    message: `${path}: does not exist`,
    fields: [{ path, code: 'input.unknown_reference', message: 'does not exist' }],
    cause: error,
  });
}

/** Null: the key is ours. Otherwise the answer that was stored under it. The insert waits for one that is still open. */
async function takeKey(ctx: Ctx, claim: IdempotencyClaim): Promise<string | null> {
  const taken = await rows(
    ctx.tx,
    sql`INSERT INTO idempotency_keys (actor_id, key, request_hash, status, response, created_at)
        VALUES (${ctx.actor.id}, ${claim.key}, ${claim.requestHash}, 0, '', ${ctx.now})
        ON CONFLICT (actor_id, key) DO NOTHING RETURNING key`,
  );
  if (taken.length > 0) return null;
  const stored = await firstRow<{ same: boolean; response: string }>(
    ctx.tx,
    sql`SELECT request_hash = ${claim.requestHash} AS same, response FROM idempotency_keys
        WHERE actor_id = ${ctx.actor.id} AND key = ${claim.key}`,
  );
  if (stored === null) throw new Fault('unavailable', 'idempotency.key_expired', { retryAfterMs: 1_000 });
  if (stored.same) return stored.response;
  throw new Fault('conflict', 'idempotency.key_reused', {
    message: 'this Idempotency-Key was used with another request',
  });
}

async function storeAnswer(ctx: Ctx, claim: IdempotencyClaim, response: string): Promise<void> {
  await rows(
    ctx.tx,
    sql`UPDATE idempotency_keys SET status = 200, response = ${response}
        WHERE actor_id = ${ctx.actor.id} AND key = ${claim.key}`,
  );
}
