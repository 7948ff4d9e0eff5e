import { join, resolve } from 'node:path';
import { readManifest, restoreCluster, restoreDump, type Finish } from '../../platform/backup/index.ts';
import { chooseMode, databaseName } from '../run/mode.ts';
import { needDatabaseUrl } from '../run/need-database-url.ts';
import { findMasterKey } from './backup-source.ts';
import { onRestored, openEpoch, type OpenedEpoch } from './open-epoch.ts';
import type { RestoreWork } from './verify-backup.ts';
import { wharfDatabases } from './wharf-databases.ts';

export type RestoreDone = OpenedEpoch & {
  readonly place: string;
  readonly takenAt: string;
  /** Where what stood there is now. */
  readonly putAside: string | null;
  readonly seconds: number;
  /** The command that starts a hub on it. */
  readonly start: string;
};

/** Restores for real. Each database of ours begins a new epoch before it can be opened by anybody. */
export async function restoreBackup(
  work: RestoreWork,
  to: { into: string | null; replace: boolean },
): Promise<RestoreDone> {
  const { env, file } = work;
  const startedMs = Date.now();
  const from = { file, log: work.log, onBytes: work.onBytes, masterKey: findMasterKey(env) };
  const manifest = await readManifest(file);
  const finish: Finish<OpenedEpoch> = async (restored) => {
    let opened: OpenedEpoch = { epoch: 0, listings: 0, writes: 0, orders: 0, series: 0 };
    for (const one of wharfDatabases(restored)) {
      const epoch = await onRestored(one, work.log, (database) => openEpoch(database, manifest));
      if (manifest.kind === 'dump' || one.name === manifest.database) opened = epoch;
    }
    return opened;
  };
  const told = (): { takenAt: string; seconds: number } => ({
    takenAt: manifest.createdAt,
    seconds: Math.round((Date.now() - startedMs) / 100) / 10,
  });
  if (env.databaseUrl === null) {
    const varDir = to.into === null ? env.varDir : resolve(to.into);
    const { result, dir, putAside } = await restoreCluster(
      from,
      { dir: join(varDir, 'postgres'), replace: to.replace },
      finish,
    );
    const isReal = manifest.database === databaseName('real');
    chooseMode({ ...env, varDir }, isReal ? 'real' : 'demo');
    const start = to.into === null ? 'npm start' : `WHARF_VAR_DIR=${varDir} npm start`;
    return { ...result, place: dir, putAside, start, ...told() };
  }
  const url = needDatabaseUrl(env);
  const name = to.into ?? decodeURIComponent(new URL(url).pathname.slice(1));
  const place = { url, toolPath: env.toolPath };
  const { result, putAside } = await restoreDump(from, place, { name, replace: to.replace }, finish);
  return {
    ...result,
    place: name,
    putAside,
    start: `wharf server and wharf worker, DATABASE_URL naming ${name}`,
    ...told(),
  };
}
