import { sql } from 'drizzle-orm';
import { rows, type Ctx } from '../db/index.ts';

/** Writes a JSON value over whatever was there. Authorised and audited by the verb that calls it. */
export async function writeSetting(ctx: Ctx, key: string, value: unknown): Promise<void> {
  await rows(
    ctx.tx,
    sql`INSERT INTO deployment_settings (key, value, updated_at)
        VALUES (${key}, ${JSON.stringify(value)}::jsonb, ${ctx.now})
        ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
  );
}
