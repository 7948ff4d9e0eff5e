import type { Ctx } from './context.ts';

/** The same transaction, for a verb of another slice that ours calls as part of its own, already authorised work. */
export function onBehalf(ctx: Ctx, because: string): Ctx {
  return { ...ctx, because };
}
