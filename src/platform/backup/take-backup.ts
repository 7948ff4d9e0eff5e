import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, newId, type Clock } from '../../kernel/index.ts';
import { openBackupSession, readClock, type Actor, type BackupSession, type Database } from '../db/index.ts';
import type { Log } from '../log/index.ts';
import type { Entry } from './archive.ts';
import { clusterEntries } from './cluster-entries.ts';
import { dumpEntries } from './dump-entries.ts';
import { checkTool } from './dump-tool.ts';
import { backupEnding, noteOf, type BackupNote } from './list-backups.ts';
import { backupKey, keyCheck, newSalt, type Manifest } from './manifest.ts';
import { readBackupFile } from './read-backup-file.ts';
import { recordBegun, recordFailed, recordGood } from './record-backup.ts';
import { writeBackupFile } from './write-backup-file.ts';

export type BackupSource = {
  /** `cluster` for the embedded PostgreSQL, whose files we can read; `dump` for any other. */
  readonly kind: 'cluster' | 'dump';
  readonly url: string;
  readonly toolPath: string;
  readonly masterKey: Uint8Array;
  readonly program: string;
  readonly migrations: { readonly last: string; readonly hash: string };
};

export type BackupDeps = { readonly database: Database; readonly clock: Clock; readonly log: Log };

export type Progress = { readonly step: 'writing' | 'reading back' | 'restoring'; readonly bytes: number };

export type TakenBackup = {
  readonly id: string;
  readonly file: string;
  readonly bytes: number;
  readonly files: number;
  readonly createdAt: Date;
  readonly tookMs: number;
};

const actor: Actor = { kind: 'system', id: 'backup' };

/**
 * Backs up while everybody goes on working, one at a time over all processes (Fault `backup.running`). The file is read
 * back whole before it is called good; a failure is recorded, opens an exception and is thrown on.
 */
export async function takeBackup(
  deps: BackupDeps,
  source: BackupSource,
  to: { dir: string; signal?: AbortSignal; onProgress?: (progress: Progress) => void },
): Promise<TakenBackup> {
  const session = await openBackupSession(source.url);
  if (session === null) {
    throw new Fault('conflict', 'backup.running', { message: 'another process backs this database up right now' });
  }
  try {
    return await underWay(deps, source, session, {
      dir: to.dir,
      signal: to.signal ?? new AbortController().signal,
      onProgress: to.onProgress ?? (() => undefined),
    });
  } finally {
    await session.close();
  }
}

type Target = { dir: string; signal: AbortSignal; onProgress: (progress: Progress) => void };

async function underWay(
  deps: BackupDeps,
  source: BackupSource,
  session: BackupSession,
  to: Target,
): Promise<TakenBackup> {
  const { database, clock, log } = deps;
  const startedMs = clock.now().getTime();
  const { manifest, key } = await describe(source, session, await readClock(database));
  const stamp = manifest.createdAt.replaceAll(/[-:]|\.\d+/g, '');
  const file = join(to.dir, `wharf-${stamp}-${manifest.id.slice(-8)}${backupEnding}`);
  await database.transact({ actor }, (ctx) => recordBegun(ctx, { id: manifest.id, kind: source.kind, file }));
  try {
    const entries = await openEntries(source, session, manifest);
    const written = await writeBackupFile(
      file,
      { manifest, key, entries },
      { signal: to.signal, onBytes: (bytes) => to.onProgress({ step: 'writing', bytes }) },
    );
    const { files, read } = await readBackupFile(file, source.masterKey, async () => {
      to.signal.throwIfAborted();
      to.onProgress({ step: 'reading back', bytes: written.bytes });
    });
    if (read.bytes !== written.bytes || Buffer.compare(read.sha256, written.sha256) !== 0) {
      throw new Fault('conflict', 'backup.damaged', { message: 'what was read back is not what was written' });
    }
    const { verifiedAt } = await database.transact({ actor }, async (ctx) => {
      await recordGood(ctx, { id: manifest.id, ...written });
      return { verifiedAt: ctx.now };
    });
    const note: BackupNote = {
      id: manifest.id,
      bytes: written.bytes,
      sha256: written.sha256.toString('hex'),
      verifiedAt: verifiedAt.toISOString(),
    };
    await writeFile(noteOf(file), `${JSON.stringify(note, null, 2)}\n`, { mode: 0o600 });
    const tookMs = clock.now().getTime() - startedMs;
    log.info({ bytes: written.bytes, count: files, durationMs: tookMs }, 'backup taken and read back');
    return { id: manifest.id, file, bytes: written.bytes, files, createdAt: new Date(manifest.createdAt), tookMs };
  } catch (error) {
    await database
      .transact({ actor }, (ctx) => recordFailed(ctx, manifest.id, causeOf(error)))
      .catch((later: unknown) => log.error({ error: later }, 'a failed backup could not be recorded'));
    throw error;
  }
}

async function describe(
  source: BackupSource,
  session: BackupSession,
  now: Date,
): Promise<{ manifest: Manifest; key: Uint8Array }> {
  const salt = newSalt();
  const key = backupKey(source.masterKey, salt);
  const all = await session.databases();
  const manifest: Manifest = {
    format: 1,
    id: newId(),
    createdAt: now.toISOString(),
    kind: source.kind,
    program: source.program,
    server: { version: session.serverVersion, platform: process.platform, arch: process.arch },
    migrations: source.migrations,
    database: session.database,
    databases: source.kind === 'cluster' ? all : all.filter(({ name }) => name === session.database),
    salt: salt.toString('base64'),
    keyCheck: keyCheck(key),
  };
  return { manifest, key };
}

async function openEntries(
  source: BackupSource,
  session: BackupSession,
  manifest: Manifest,
): Promise<AsyncIterable<Entry>> {
  if (source.kind === 'cluster') return clusterEntries(session, `wharf ${manifest.id}`);
  await checkTool('pg_dump', session.serverVersion, source.toolPath);
  return dumpEntries(source.url, source.toolPath);
}

/** Of an unexpected error only what kind it is: its message may carry data. */
function causeOf(error: unknown): { code: string; detail: string } {
  if (error instanceof Fault) return { code: error.code, detail: error.message.slice(0, 500) };
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : null;
  const name = error instanceof Error ? error.name : 'unknown';
  return { code: 'backup.failed', detail: typeof code === 'string' ? `${name} ${code}` : name };
}
