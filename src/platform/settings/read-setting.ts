import { sql } from 'drizzle-orm';
import { firstRow, type AnyDb } from '../db/index.ts';

/** The JSON value of a deployment setting, or null when it was never written. The reader parses it. */
export async function readSetting(db: AnyDb, key: string): Promise<unknown> {
  const row = await firstRow<{ value: unknown }>(db, sql`SELECT value FROM deployment_settings WHERE key = ${key}`);
  return row?.value ?? null;
}
