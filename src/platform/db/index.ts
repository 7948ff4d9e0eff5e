export { openBackupSession, type BackupSession } from './backup-session.ts';
export * from './columns.ts';
export type * from './context.ts';
export { embeddedMajor, findClusterFolder, type ClusterFolder } from './embedded/cluster-folder.ts';
export { startEmbedded, type Embedded, type EmbeddedOptions } from './embedded/start-embedded.ts';
export { ensureDatabase } from './ensure-database.ts';
export { list, type ListType } from './list.ts';
export { checkMigrated, migrate, type MigrateResult } from './migrate.ts';
export { hashMigrations, readMigrationFiles } from './migration-files.ts';
export { onBehalf } from './on-behalf.ts';
export { openDatabase, type DatabaseOptions } from './open-database.ts';
export { pingDatabase } from './ping.ts';
export { clockOf, readClock } from './read-clock.ts';
export { findReader } from './reader-role.ts';
export { prepare, type PreparedStatement } from './prepare.ts';
export { firstRow, rows } from './rows.ts';
export { openScratchDatabases, type ScratchDatabases } from './scratch-databases.ts';
export { savepoint } from './savepoint.ts';
export { readServerFacts, type ServerFacts } from './server-facts.ts';
export {
  constraintName,
  driverError,
  isConnectionLost,
  isServersTrouble,
  sqlState,
  unknownReference,
} from './sql-error.ts';
export {
  assignments,
  columnNames,
  namedColumns,
  namedUnnest,
  selection,
  unnest,
  type ColumnTypes,
  type RowOf,
} from './unnest.ts';
