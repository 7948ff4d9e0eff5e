import { sql } from 'drizzle-orm';
import { decodeCursor, toPage, type Page, type PageRequest, type TokenId } from '../kernel/index.ts';
import { firstRow, rows, type Actor, type AnyDb } from '../platform/db/index.ts';
import { hashToken, looksLikeToken } from './token-text.ts';

export type AuthenticatedToken = {
  readonly actor: Extract<Actor, { kind: 'token' }>;
  readonly lastUsedAt: Date | null;
};

/** Who a token stands for, or null where it is unknown, expired or revoked; the answer does not say which. */
export async function authenticateToken(db: AnyDb, text: string, now: Date): Promise<AuthenticatedToken | null> {
  if (!looksLikeToken(text)) return null;
  const token = await firstRow<{ id: string; name: string; scopes: string[]; lastUsedAt: Date | null }>(
    db,
    sql`select id, name, scopes, last_used_at as "lastUsedAt" from api_tokens
        where hash = ${hashToken(text)} and revoked_at is null and (expires_at is null or expires_at > ${now})`,
  );
  if (token === null) return null;
  const { id, name, scopes, lastUsedAt } = token;
  return { actor: { kind: 'token', id, name, scopes }, lastUsedAt };
}

export type TokenRow = {
  readonly tokenId: TokenId;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
};

/** Newest first, revoked and expired ones included; never the secret or its hash. */
export async function listTokens(db: AnyDb, page: PageRequest): Promise<Page<TokenRow>> {
  const [at, id] = page.after === null ? [null, null] : decodeCursor(page.after, 2);
  const found = await rows<TokenRow & { key: string }>(
    db,
    sql`select id as "tokenId", name, prefix, scopes, created_at as "createdAt", expires_at as "expiresAt",
               revoked_at as "revokedAt", last_used_at as "lastUsedAt", created_at::text as key
        from api_tokens
        where ${id}::uuid is null or (created_at, id) < (${at}::timestamptz, ${id}::uuid)
        order by created_at desc, id desc
        limit ${page.limit + 1}`,
  );
  const { items, next } = toPage(found, page.limit, (row) => [row.key, row.tokenId]);
  return { items: items.map(({ key: _key, ...token }) => token), next };
}
