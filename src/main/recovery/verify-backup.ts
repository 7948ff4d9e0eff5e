import type { Env } from '../../../config/env.ts';
import { readManifest, tryCluster, tryDump, type Finish } from '../../platform/backup/index.ts';
import type { Log } from '../../platform/log/index.ts';
import { auditReport, type AuditReport } from '../audit-report.ts';
import { needDatabaseUrl } from '../run/need-database-url.ts';
import { findMasterKey } from './backup-source.ts';
import { onRestored, openEpoch } from './open-epoch.ts';
import { wharfDatabases } from './wharf-databases.ts';

export type RestoreWork = {
  readonly env: Env;
  readonly log: Log;
  readonly file: string;
  readonly onBytes: (bytes: number) => void;
};

export type VerifiedDatabase = {
  readonly name: string;
  readonly applied: readonly string[];
  readonly report: AuditReport;
};

/**
 * Restores into a place of its own, brings it to this program's migrations, runs every check of the audit and what a real
 * restore would do then, and throws it away.
 */
export async function verifyBackup(
  work: RestoreWork,
): Promise<{ seconds: number; databases: readonly VerifiedDatabase[] }> {
  const { env, log, file, onBytes } = work;
  const startedMs = Date.now();
  const from = { file, log, onBytes, masterKey: findMasterKey(env) };
  const look: Finish<VerifiedDatabase[]> = async (restored) => {
    const verified: VerifiedDatabase[] = [];
    for (const one of wharfDatabases(restored)) {
      const { applied, report } = await onRestored(one, log, async (database, migrated) => {
        const found = await auditReport(database);
        await openEpoch(database, one.manifest);
        return { applied: migrated, report: found };
      });
      verified.push({ name: one.manifest.kind === 'dump' ? one.manifest.database : one.name, applied, report });
    }
    return verified;
  };
  const { kind } = await readManifest(file);
  const databases =
    kind === 'cluster'
      ? await tryCluster(from, look)
      : await tryDump(from, { url: needDatabaseUrl(env), toolPath: env.toolPath }, look);
  return { seconds: Math.round((Date.now() - startedMs) / 100) / 10, databases };
}
