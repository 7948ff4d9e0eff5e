import { backupAgeHoursMax } from '../../../config/defaults.ts';
import { lastGoodBackup, pendingRecovery } from '../../platform/backup/index.ts';
import { clockOf, type Database } from '../../platform/db/index.ts';
import { bad, ok, warn, type DoctorCheck, type Finding } from '../finding.ts';
import { bytes, since, span } from '../words.ts';

const hourMs = 3_600_000;

export function backupsCheck(database: Database): DoctorCheck {
  return {
    name: 'backups',
    title: 'Backups',
    run: () =>
      database.read(async (db) => {
        const [last, recovery, now] = [await lastGoodBackup(db), await pendingRecovery(db), await clockOf(db)];
        const pending =
          recovery === null
            ? []
            : [
                bad(
                  `a restore of ${since(recovery.restoredAt, now)} waits to be confirmed; nothing is told to shops`,
                  'wharf recovery shows what is left to do; wharf recovery confirm lets everything go on',
                ),
              ];
        return [...pending, judgeBackup(last, now)];
      }),
  };
}

export function judgeBackup(last: { startedAt: Date; bytes: number } | null, now: Date): Finding {
  if (last === null) return warn('there is no good backup yet', 'wharf backup');
  const ageMs = now.getTime() - last.startedAt.getTime();
  const found = `the last good one is ${span(ageMs)} old, ${bytes(last.bytes)}`;
  if (ageMs < backupAgeHoursMax * hourMs) return ok(found);
  return bad(found, 'wharf backup; then look why the scheduled one failed: wharf exception list');
}
