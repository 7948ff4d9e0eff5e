import type { Context } from 'hono';
import { Fault } from '../../../kernel/index.ts';
import type { Actor, Database } from '../../db/index.ts';
import type { Log } from '../../log/index.ts';
import type { IdempotencyClaim } from './idempotent.ts';

/** What every handler finds in `c.get(…)`. `actor` is null only outside `/api/`, where nobody had to sign in. */
export type AppEnv = {
  Variables: {
    requestId: string;
    actor: Actor | null;
    database: Database;
    log: Log;
    /** Set by `idempotent` where the caller sent an Idempotency-Key; used by `mutate`. */
    idempotency: IdempotencyClaim | null;
  };
};

/** Who calls. Throws Fault `auth.required` (401) when nobody is signed in. */
export function actorOf(c: Context<AppEnv>): Actor {
  const actor = c.get('actor');
  if (actor === null || actor === undefined) throw new Fault('unauthenticated', 'auth.required');
  return actor;
}
