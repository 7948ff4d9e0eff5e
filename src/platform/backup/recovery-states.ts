import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { Fault } from '../../kernel/index.ts';
import { firstRow, rows, type Ctx } from '../db/index.ts';
import { pendingRecovery, readEpoch, type Recovery } from './queries.ts';

/**
 * Begins a new epoch, pending until it is confirmed; a restore of a backup that was itself taken while one was pending
 * replaces that. Throws Fault `recovery.clock_behind` where this server's clock stands before the backup: what is made
 * from now on could not be told from what was made then.
 */
export async function openRecovery(ctx: Ctx, from: { backupId: string; backupAt: Date }): Promise<number> {
  if (ctx.now < from.backupAt) {
    throw new Fault('conflict', 'recovery.clock_behind', {
      message: `the clock of the database's machine (${ctx.now.toISOString()}) stands before the backup (${from.backupAt.toISOString()}): set it right and restore again`,
    });
  }
  const epoch = (await readEpoch(ctx.tx)) + 1;
  await rows(
    ctx.tx,
    sql`update recoveries set confirmed_at = ${ctx.now}, confirmed_by = 'a later restore' where confirmed_at is null`,
  );
  await rows(
    ctx.tx,
    sql`insert into recoveries (epoch, mark, backup_id, backup_at, restored_at)
        values (${epoch}, ${randomBytes(3).toString('hex')}, ${from.backupId}, ${from.backupAt}, ${ctx.now})`,
  );
  await rows(
    ctx.tx,
    sql`update backups set state = 'failed', finished_at = ${ctx.now}, cause = ${{ code: 'backup.interrupted', detail: 'a restored database cannot know its own end' }}::jsonb
        where state = 'running'`,
  );
  return epoch;
}

/** Shops may be read from now on. Throws Fault `recovery.none`. */
export async function beginReading(ctx: Ctx): Promise<Recovery> {
  const pending = await needPending(ctx);
  await rows(
    ctx.tx,
    sql`update recoveries set reading_at = coalesce(reading_at, ${ctx.now}) where confirmed_at is null`,
  );
  return { ...pending, readingAt: pending.readingAt ?? ctx.now };
}

/** Throws Fault `recovery.none`. */
export async function closeRecovery(ctx: Ctx, by: string): Promise<Recovery> {
  const pending = await needPending(ctx);
  await rows(
    ctx.tx,
    sql`update recoveries set confirmed_at = ${ctx.now}, confirmed_by = ${by} where confirmed_at is null`,
  );
  return pending;
}

/** Locks it: two who confirm at once do it once. */
async function needPending(ctx: Ctx): Promise<Recovery> {
  await firstRow(ctx.tx, sql`select epoch from recoveries where confirmed_at is null for update`);
  const pending = await pendingRecovery(ctx.tx);
  if (pending !== null) return pending;
  throw new Fault('not_found', 'recovery.none', { message: 'no restore waits to be confirmed' });
}
