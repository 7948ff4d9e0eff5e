import { sql } from 'drizzle-orm';
import { Fault, invalidField, newId, type TokenId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { authorise, mayDo } from './authorise.ts';
import { allScopes, isScope } from './scopes.ts';
import { hashToken, newTokenText } from './token-text.ts';

export type NewToken = {
  readonly name: string;
  /** Names of scopes, or `*` alone. */
  readonly scopes: readonly string[];
  /** Null: it does not expire. */
  readonly expiresAt: Date | null;
};

/** `token` is shown once and never again. */
export type CreatedToken = { readonly tokenId: TokenId; readonly token: string };

const nameLengthMax = 100;

/** Makes a token. Nobody can hand on a scope they do not hold. Throws Fault `input.invalid` and `forbidden`. */
export async function createToken(ctx: Ctx, input: NewToken): Promise<CreatedToken> {
  authorise(ctx, 'tokens:write');
  const name = checkName(input.name);
  const scopes = checkScopes(ctx, input.scopes);
  if (input.expiresAt !== null && !(input.expiresAt > ctx.now)) {
    throw invalidField('expiresAt', 'token.expired', 'must be in the future');
  }
  const tokenId = newId<'api_token'>();
  const { token, prefix } = newTokenText();
  await rows(
    ctx.tx,
    sql`insert into api_tokens (id, name, prefix, hash, scopes, created_at, expires_at)
        values (${tokenId}, ${name}, ${prefix}, ${hashToken(token)}, ${list('text', scopes)}, ${ctx.now}, ${input.expiresAt})`,
  );
  await writeAudit(ctx, {
    action: 'token.created',
    subjectKind: 'api_token',
    subjectId: tokenId,
    data: { name, prefix, scopes, expiresAt: input.expiresAt?.toISOString() ?? null },
  });
  return { tokenId, token };
}

function checkName(text: string): string {
  const name = text.trim();
  if (name === '') throw invalidField('name', 'token.unnamed', 'must not be empty');
  if (name.length > nameLengthMax) {
    throw invalidField('name', 'token.name_too_long', `must have at most ${nameLengthMax} characters`);
  }
  return name;
}

function checkScopes(ctx: Ctx, given: readonly string[]): string[] {
  if (given.length === 0) throw invalidField('scopes', 'token.no_scope', 'must name at least one scope');
  for (const [at, scope] of given.entries()) {
    if (scope !== allScopes && !isScope(scope)) {
      throw invalidField(`scopes.${at}`, 'token.unknown_scope', 'is not a scope');
    }
    if (!holds(ctx, scope)) {
      throw new Fault('forbidden', 'token.scope_not_held', {
        message: `only who holds ${scope} may hand it on`,
        data: { scope },
      });
    }
  }
  return given.includes(allScopes) ? [allScopes] : [...new Set(given)].toSorted();
}

function holds(ctx: Ctx, scope: string): boolean {
  if (ctx.actor.kind === 'token' && scope === allScopes) return ctx.actor.scopes.includes(allScopes);
  return !isScope(scope) || mayDo(ctx.actor, scope);
}
