import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Env } from '../../../config/env.ts';
import { authenticateToken, createToken } from '../../identity/index.ts';
import type { Database } from '../../platform/db/index.ts';

/**
 * The token that `wharf start` prints: it may do everything, so it is kept where only the person who started the hub can
 * read it (mode 0600). Made anew when it is missing or no longer valid.
 */
export async function findLocalToken(env: Env, database: Database, databaseName: string): Promise<string> {
  const file = join(env.varDir, `${databaseName}.token`);
  const kept = readKept(file);
  if (kept !== null && (await database.read((db) => authenticateToken(db, kept, new Date()))) !== null) return kept;
  const { token } = await database.transact({ actor: { kind: 'system', id: 'start' } }, (ctx) =>
    createToken(ctx, { name: 'wharf start', scopes: ['*'], expiresAt: null }),
  );
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return token;
}

function readKept(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}
