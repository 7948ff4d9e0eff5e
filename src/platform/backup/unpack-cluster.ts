import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../../kernel/index.ts';
import type { ClusterFolder } from '../db/index.ts';
import type { Manifest } from './manifest.ts';
import { readBackupFile } from './read-backup-file.ts';

/** Lays the files of a cluster below `dir`, as the user that PostgreSQL runs as. `dir` is new; a failure leaves it half full. */
export async function unpackCluster(
  file: string,
  masterKey: Uint8Array,
  to: { dir: string; own: ClusterFolder['own']; onBytes: (bytes: number) => void },
): Promise<Manifest> {
  let bytes = 0;
  const makeFolder = async (path: string): Promise<void> => {
    await mkdir(path, { mode: 0o700 });
    await to.own(path);
  };
  const { manifest } = await readBackupFile(file, masterKey, async (entry) => {
    const path = join(to.dir, entry.path);
    if (entry.kind === 'folder') return makeFolder(path);
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of entry.content) {
        bytes += piece.byteLength;
        to.onBytes(bytes);
        yield piece;
      }
    };
    await pipeline(Readable.from(counted()), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    // The password is ours to read; the server never does.
    if (dirname(entry.path) !== '.') await to.own(path);
  });
  return manifest;
}

/** The files of a cluster start only under the same major version, on the same kind of machine. */
export function checkMachine(manifest: Manifest, serverMajor: number): void {
  const { version, platform, arch } = manifest.server;
  const major = Math.floor(version / 10_000);
  if (platform === process.platform && arch === process.arch && major === serverMajor) return;
  throw new Fault('conflict', 'restore.other_machine', {
    message: `this backup holds the files of PostgreSQL ${major} on ${platform}-${arch}; here is PostgreSQL ${serverMajor} on ${process.platform}-${process.arch}. Restore it on such a machine`,
  });
}
