import { backupAgeHoursMax, backupWatchCron } from '../../../config/defaults.ts';
import type { Env } from '../../../config/env.ts';
import type { ShopDeps } from '../../channels/index.ts';
import { Fault } from '../../kernel/index.ts';
import { lastGoodBackup, pruneBackups, readBirth, recordTooOld, takeBackup } from '../../platform/backup/index.ts';
import type { Schedule } from '../../platform/queue/index.ts';
import { backupSource } from './backup-source.ts';

/** A backup each night, what nobody needs any more removed after it, and a look each hour whether there is a good one. */
export function backupSchedules(deps: ShopDeps, env: Env, url: string): Schedule[] {
  if (env.backupCron === null) return [];
  return [
    {
      name: 'backup',
      cron: env.backupCron,
      // A failure has opened an exception by then: to try again at once would fill a disk that is full.
      async run(lease, slot) {
        // A slot that was missed is made up for at a start; a hub that did not exist then has nothing to make up for.
        const bornAt = await deps.database.read(readBirth);
        if (bornAt === null || bornAt > slot) return;
        try {
          await takeBackup(deps, await backupSource(env, url), { dir: env.backupDir, signal: lease.signal });
          const gone = await pruneBackups(env.backupDir, env.backupKeep);
          if (gone.length > 0) deps.log.info({ count: gone.length }, 'old backups removed');
        } catch (error) {
          if (lease.signal.aborted) throw error;
          const code = error instanceof Fault ? error.code : 'backup.failed';
          deps.log.error({ code, error }, 'the nightly backup was not taken');
        }
      },
    },
    {
      name: 'backup-age',
      cron: backupWatchCron,
      async run() {
        await deps.database.transact({ actor: { kind: 'system', id: 'backup' } }, async (ctx) => {
          const last = await lastGoodBackup(ctx.tx);
          const isOld = last !== null && ctx.now.getTime() - last.startedAt.getTime() > backupAgeHoursMax * 3_600_000;
          if (isOld) await recordTooOld(ctx, last.startedAt);
        });
      },
    },
  ];
}
