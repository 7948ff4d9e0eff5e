import { sql } from 'drizzle-orm';
import { rows, type Ctx } from '../db/index.ts';
import { closeExceptions, openExceptions } from '../exceptions/index.ts';

const failed = { kind: 'backup.failed', subjectKind: 'deployment', subjectId: 'backup' } as const;
const tooOld = { kind: 'backup.too_old', subjectKind: 'deployment', subjectId: 'backup' } as const;
const keepRowsDays = 400;

/** Written before the first byte. One that was left `running` by a dead process has failed: its caller holds the right now. */
export async function recordBegun(
  ctx: Ctx,
  backup: { id: string; kind: 'cluster' | 'dump'; file: string },
): Promise<void> {
  const cause = { code: 'backup.interrupted', detail: 'its process ended' };
  await rows(
    ctx.tx,
    sql`update backups set state = 'failed', finished_at = ${ctx.now}, cause = ${cause}::jsonb where state = 'running'`,
  );
  await rows(
    ctx.tx,
    sql`delete from backups where started_at < ${ctx.now}::timestamptz - make_interval(days => ${keepRowsDays})`,
  );
  await rows(
    ctx.tx,
    sql`insert into backups (id, kind, file, started_at) values (${backup.id}, ${backup.kind}, ${backup.file}, ${ctx.now})`,
  );
}

/** Called good only after it was read back. */
export async function recordGood(ctx: Ctx, backup: { id: string; bytes: number; sha256: Uint8Array }): Promise<void> {
  await rows(
    ctx.tx,
    sql`update backups set state = 'good', bytes = ${backup.bytes}, sha256 = ${backup.sha256}, finished_at = ${ctx.now}
        where id = ${backup.id}`,
  );
  await closeExceptions(ctx, [failed, tooOld]);
}

export async function recordFailed(ctx: Ctx, id: string, cause: { code: string; detail: string }): Promise<void> {
  await rows(
    ctx.tx,
    sql`update backups set state = 'failed', finished_at = ${ctx.now}, cause = ${cause}::jsonb where id = ${id}`,
  );
  await openExceptions(ctx, [
    { ...failed, shopId: null, cause, nextStep: 'Put right what the cause says, then run wharf backup.' },
  ]);
}

export async function recordTooOld(ctx: Ctx, lastGoodAt: Date | null): Promise<void> {
  await openExceptions(ctx, [
    {
      ...tooOld,
      shopId: null,
      cause: { code: 'backup.too_old', lastGoodAt: lastGoodAt?.toISOString() ?? null },
      nextStep: 'Run wharf backup, and see that a worker runs at the time of WHARF_BACKUP_CRON.',
    },
  ]);
}
