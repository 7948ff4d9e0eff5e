import { sql } from 'drizzle-orm';
import { rows, type Ctx } from '../db/index.ts';

const keepDays = 30;

/** Marks a slot as done and forgets those of a month ago. */
export async function recordSlot(ctx: Ctx, name: string, slot: Date): Promise<void> {
  await rows(
    ctx.tx,
    sql`INSERT INTO cron_slots (name, slot, taken_at) VALUES (${name}, ${slot}, ${ctx.now}) ON CONFLICT DO NOTHING`,
  );
  const before = new Date(ctx.now.getTime() - keepDays * 86_400_000);
  await rows(ctx.tx, sql`DELETE FROM cron_slots WHERE name = ${name} AND slot < ${before}`);
}
