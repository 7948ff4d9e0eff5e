import { sql } from 'drizzle-orm';
import { firstRow, type AnyDb } from '../db/index.ts';

export type GoodBackup = {
  readonly id: string;
  readonly kind: 'cluster' | 'dump';
  readonly file: string;
  readonly bytes: number;
  readonly startedAt: Date;
  readonly finishedAt: Date;
};

/** The newest backup that was read back whole; null when there is none. What it holds is of `startedAt`. */
export function lastGoodBackup(db: AnyDb): Promise<GoodBackup | null> {
  return firstRow<GoodBackup>(
    db,
    sql`select id, kind, file, bytes, started_at as "startedAt", finished_at as "finishedAt" from backups
        where state = 'good' order by started_at desc, id desc limit 1`,
  );
}

/** When the first migration made this database; null before that. */
export async function readBirth(db: AnyDb): Promise<Date | null> {
  const row = await firstRow<{ at: Date | null }>(db, sql`select min(applied_at) as at from schema_migrations`);
  return row?.at ?? null;
}

export type Recovery = {
  readonly epoch: number;
  readonly backupId: string;
  readonly backupAt: Date;
  readonly restoredAt: Date;
  /** Since when shops are read while nothing is told; null while everything stands still. */
  readonly readingAt: Date | null;
};

/** The return to an earlier time that nobody has confirmed yet; null in daily life. */
export function pendingRecovery(db: AnyDb): Promise<Recovery | null> {
  return firstRow<Recovery>(
    db,
    sql`select epoch, backup_id as "backupId", backup_at as "backupAt", restored_at as "restoredAt", reading_at as "readingAt"
        from recoveries where confirmed_at is null`,
  );
}

/** How often this deployment was taken back in time. */
export async function readEpoch(db: AnyDb): Promise<number> {
  const row = await firstRow<{ epoch: number }>(db, sql`select coalesce(max(epoch), 0) as epoch from recoveries`);
  return row?.epoch ?? 0;
}
