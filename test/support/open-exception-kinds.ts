import { sql } from 'drizzle-orm';
import type { ShopId } from '../../src/kernel/index.ts';
import { rows } from '../../src/platform/db/index.ts';
import type { TestDatabase } from './database.ts';

/** What kinds of exceptions of a shop are open, sorted, one entry an exception. */
export async function openExceptionKinds(database: TestDatabase, shopId: ShopId): Promise<string[]> {
  const open = await database.read((db) =>
    rows<{ kind: string }>(
      db,
      sql`select kind from exceptions where shop_id = ${shopId} and closed_at is null order by kind`,
    ),
  );
  return open.map(({ kind }) => kind);
}
