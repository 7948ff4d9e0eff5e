import { sql } from 'drizzle-orm';
import type { Database } from './context.ts';
import { rows } from './rows.ts';

/** For readiness: both sides answer. Throws Fault `database.unreachable`. */
export async function pingDatabase(database: Database): Promise<void> {
  await database.read((db) => rows(db, sql`select 1`));
  await database.transact({ actor: { kind: 'system', id: 'ping' } }, async () => undefined);
}
