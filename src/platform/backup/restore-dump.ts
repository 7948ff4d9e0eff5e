import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../../kernel/index.ts';
import { openScratchDatabases } from '../db/index.ts';
import { dumpPath } from './dump-entries.ts';
import { checkTool, runTool } from './dump-tool.ts';
import { readBackupFile, readManifest } from './read-backup-file.ts';
import type { Finish, RestoreSource } from './restore-cluster.ts';

export type DumpPlace = {
  /** A login that may create databases; its own database need not exist. */
  readonly url: string;
  readonly toolPath: string;
};

/** Loads a dump into a database of its own, hands it to `look`, and drops it. */
export async function tryDump<Result>(from: RestoreSource, place: DumpPlace, look: Finish<Result>): Promise<Result> {
  const databases = await openScratchDatabases(place.url);
  try {
    const { manifest, scratch } = await load(from, place, databases);
    try {
      return await look([{ name: scratch, manifest, url: databases.url(scratch) }]);
    } finally {
      await databases.drop(scratch);
    }
  } finally {
    await databases.close();
  }
}

/**
 * Restores a dump under the name of `into`. It is loaded and finished under another name and renamed only then; a database
 * of that name is renamed, never dropped. Throws Faults `restore.place_taken` where it is not empty and `replace` is not
 * said, and `restore.hub_running` where somebody is connected to it.
 */
export async function restoreDump<Result>(
  from: RestoreSource,
  place: DumpPlace,
  into: { name: string; replace: boolean },
  finish: Finish<Result>,
): Promise<{ result: Result; putAside: string | null }> {
  const databases = await openScratchDatabases(place.url);
  try {
    const there = await databases.look(into.name);
    if (there !== null && there.sessions > 0) {
      throw new Fault('conflict', 'restore.hub_running', {
        message: `${there.sessions} sessions are connected to the database ${into.name}: stop every server and worker first`,
      });
    }
    if (there !== null && there.tables > 0 && !into.replace) {
      throw new Fault('conflict', 'restore.place_taken', {
        message: `the database ${into.name} is not empty: --replace renames it (nothing is dropped), --into NAME restores beside it`,
      });
    }
    const { manifest, scratch } = await load(from, place, databases);
    try {
      const result = await finish([{ name: scratch, manifest, url: databases.url(scratch) }]);
      const putAside = await databases.moveTo(scratch, into.name);
      return { result, putAside };
    } catch (error) {
      await databases.drop(scratch);
      throw error;
    }
  } finally {
    await databases.close();
  }
}

async function load(
  from: RestoreSource,
  place: DumpPlace,
  databases: Awaited<ReturnType<typeof openScratchDatabases>>,
): Promise<{ manifest: Awaited<ReturnType<typeof readManifest>>; scratch: string }> {
  const manifest = await readManifest(from.file);
  if (manifest.kind !== 'dump') {
    throw new Fault('conflict', 'restore.other_kind', {
      message: 'this backup holds the files of an embedded PostgreSQL: restore it without DATABASE_URL',
    });
  }
  await checkTool('pg_restore', Math.max(databases.serverVersion, manifest.server.version), place.toolPath);
  const scratch = `wharf_restore_${manifest.id.slice(-12)}`;
  await databases.create(scratch);
  try {
    let bytes = 0;
    await readBackupFile(from.file, from.masterKey, async (entry) => {
      if (entry.kind !== 'file' || entry.path !== dumpPath) return;
      const counted = async function* (): AsyncGenerator<Uint8Array> {
        for await (const piece of entry.content) {
          bytes += piece.byteLength;
          from.onBytes(bytes);
          yield piece;
        }
      };
      const args = ['--no-owner', '--no-privileges', '--exit-on-error', '--single-transaction', `--dbname=${scratch}`];
      const tool = runTool('pg_restore', args, databases.url(scratch), place.toolPath);
      await pipeline(Readable.from(counted()), tool.stdin).catch(async (error: unknown) => {
        await tool.finished();
        throw error;
      });
      await tool.finished();
    });
    return { manifest, scratch };
  } catch (error) {
    await databases.drop(scratch);
    throw error;
  }
}
