import { createReadStream } from 'node:fs';
import { open, readdir, readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { Fault } from '../../kernel/index.ts';
import type { BackupSession } from '../db/index.ts';
import type { Entry } from './archive.ts';

/** What a copy of a running cluster leaves out; their folders stay (PostgreSQL docs, "Backing Up The Data Directory"). */
const leftOut = [
  /^postmaster\.(pid|opts)$/,
  /^(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/./,
  /(^|\/)pgsql_tmp/,
  /(^|\/)pg_internal\.init/,
  /^(backup_label|tablespace_map)(\.old)?$/,
  /^current_logfiles(\.tmp)?$/,
  // Last of all: see below.
  /^global\/pg_control$/,
];

/**
 * The files of the cluster while it works, between `pg_backup_start` and `pg_backup_stop`, and the WAL that makes them whole.
 * Pages may be torn and files may come and go: replay from the label on puts that right. The control file is read last, as
 * pg_basebackup does. The cluster's password is an entry too: the roles in the files were made with it.
 */
export async function* clusterEntries(session: BackupSession, label: string): AsyncGenerator<Entry> {
  const { dataDir, hasTablespaces } = await session.start(label);
  if (hasTablespaces) {
    throw new Fault('conflict', 'backup.has_tablespaces', {
      message: 'this cluster has tablespaces outside its folder, which are not backed up: use a server of your own',
    });
  }
  yield await textFile('password', await readFile(join(dirname(dataDir), 'password')));
  yield { kind: 'folder', path: 'data' };
  yield* walk(dataDir, '');
  yield fileEntry(dataDir, 'global/pg_control');
  const stopped = await session.stop();
  yield await textFile('data/backup_label', Buffer.from(stopped.label));
  if (stopped.tablespaceMap.trim() !== '') {
    yield await textFile('data/tablespace_map', Buffer.from(stopped.tablespaceMap));
  }
  for (const segment of stopped.wal) yield fileEntry(dataDir, `pg_wal/${segment}`);
}

async function* walk(dataDir: string, folder: string): AsyncGenerator<Entry> {
  const children = await readdir(join(dataDir, folder), { withFileTypes: true }).catch(ifGone);
  for (const child of (children ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = posix.join(folder, child.name);
    if (leftOut.some((pattern) => pattern.test(path))) continue;
    if (child.isDirectory()) {
      yield { kind: 'folder', path: `data/${path}` };
      yield* walk(dataDir, path);
    } else if (child.isFile() && (await isThere(join(dataDir, path)))) {
      yield fileEntry(dataDir, path);
    }
  }
}

function fileEntry(dataDir: string, path: string): Entry {
  return { kind: 'file', path: `data/${path}`, content: readGrowing(join(dataDir, path)) };
}

async function textFile(path: string, text: Buffer): Promise<Entry> {
  const content = (async function* () {
    yield text;
  })();
  return { kind: 'file', path, content };
}

/** A file that is removed while it is read was dropped: what replay needs of it is in the WAL. */
async function* readGrowing(path: string): AsyncGenerator<Buffer> {
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 262_144 }) as AsyncIterable<Buffer>) yield piece;
  } catch (error) {
    ifGone(error);
  }
}

async function isThere(path: string): Promise<boolean> {
  const handle = await open(path).catch(ifGone);
  await handle?.close();
  return handle !== null;
}

function ifGone(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
