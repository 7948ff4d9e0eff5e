export { listBackups, type FoundBackup } from './list-backups.ts';
export type { Manifest } from './manifest.ts';
export { pruneBackups } from './prune-backups.ts';
export { lastGoodBackup, pendingRecovery, readBirth, type GoodBackup, type Recovery } from './queries.ts';
export { readManifest } from './read-backup-file.ts';
export { recordTooOld } from './record-backup.ts';
export { beginReading, closeRecovery, openRecovery } from './recovery-states.ts';
export {
  restoreCluster,
  tryCluster,
  type Finish,
  type RestoredDatabase,
  type RestoreSource,
} from './restore-cluster.ts';
export { restoreDump, tryDump } from './restore-dump.ts';
export { takeBackup, type BackupSource, type Progress, type TakenBackup } from './take-backup.ts';
