import { Fault } from '../kernel/index.ts';
import type { Actor, Ctx } from '../platform/db/index.ts';
import { allScopes, type Scope } from './scopes.ts';

/**
 * The first line of every exported verb. Denies unless the actor is the system, holds the scope, or another verb that has
 * authorised calls this one (`ctx.because`). Throws Fault `forbidden`, which names the scope.
 */
export function authorise(ctx: Pick<Ctx, 'actor' | 'because'>, scope: Scope): void {
  if (ctx.because !== null || mayDo(ctx.actor, scope)) return;
  throw new Fault('forbidden', 'auth.scope_missing', { message: `needs the scope ${scope}`, data: { scope } });
}

export function mayDo(actor: Actor, scope: Scope): boolean {
  switch (actor.kind) {
    case 'system':
      return true;
    case 'token':
      return actor.scopes.includes(scope) || actor.scopes.includes(allScopes);
  }
}
