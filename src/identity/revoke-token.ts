import { sql } from 'drizzle-orm';
import { Fault, type TokenId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { rows, type Ctx } from '../platform/db/index.ts';
import { authorise } from './authorise.ts';

/** Ends a token at once. Revoking twice keeps the first time. Throws Fault `token.unknown`. */
export async function revokeToken(ctx: Ctx, tokenId: TokenId): Promise<void> {
  authorise(ctx, 'tokens:write');
  const revoked = await rows<{ prefix: string }>(
    ctx.tx,
    sql`update api_tokens set revoked_at = ${ctx.now} where id = ${tokenId} and revoked_at is null returning prefix`,
  );
  const [token] = revoked;
  if (token === undefined) {
    const known = await rows(ctx.tx, sql`select 1 from api_tokens where id = ${tokenId}`);
    if (known.length === 0) throw new Fault('not_found', 'token.unknown', { data: { tokenId } });
    return;
  }
  await writeAudit(ctx, {
    action: 'token.revoked',
    subjectKind: 'api_token',
    subjectId: tokenId,
    data: { prefix: token.prefix },
  });
}
