import { sql } from 'drizzle-orm';
import type { Clock } from '../kernel/index.ts';
import { rows, type Actor, type Database } from '../platform/db/index.ts';
import type { Log } from '../platform/log/index.ts';
import { authenticateToken } from './queries.ts';

export type TokenGate = {
  /** Who the token stands for, or null. Writes down the use of a token at most once a minute, and nobody waits for it. */
  authenticate(text: string): Promise<Actor | null>;
  /** Resolves when the last use has been written down. */
  close(): Promise<void>;
};

const lastUsedEveryMs = 60_000;

/** The door that the API's authentication is given. */
export function openTokenGate(deps: { database: Database; clock: Clock; log: Log }): TokenGate {
  const { database, clock, log } = deps;
  const writing = new Map<string, Promise<void>>();

  const noteUse = (tokenId: string): void => {
    if (writing.has(tokenId)) return;
    const write = writeUse(database, tokenId)
      .catch((error: unknown) => {
        log.warn(
          { tokenId, reason: error instanceof Error ? error.name : 'unknown' },
          'the use of a token was not noted',
        );
      })
      .finally(() => writing.delete(tokenId));
    writing.set(tokenId, write);
  };

  return {
    async authenticate(text) {
      const now = clock.now();
      const found = await database.read((db) => authenticateToken(db, text, now));
      if (found === null) return null;
      const { actor, lastUsedAt } = found;
      if (lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= lastUsedEveryMs) noteUse(actor.id);
      return actor;
    },
    async close() {
      await Promise.all(writing.values());
    },
  };
}

async function writeUse(database: Database, tokenId: string): Promise<void> {
  await database.transact({ actor: { kind: 'system', id: 'token-gate' } }, async ({ tx, now }) => {
    const before = new Date(now.getTime() - lastUsedEveryMs);
    await rows(
      tx,
      sql`update api_tokens set last_used_at = ${now}
          where id = ${tokenId} and (last_used_at is null or last_used_at <= ${before})`,
    );
  });
}
