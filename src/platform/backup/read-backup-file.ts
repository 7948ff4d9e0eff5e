import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Fault } from '../../kernel/index.ts';
import { readArchive, type Entry } from './archive.ts';
import { byteReader } from './byte-reader.ts';
import { openChunks } from './chunks.ts';
import { checkKey, readHead, type Manifest } from './manifest.ts';
import type { WrittenFile } from './write-backup-file.ts';

/** The manifest alone, without a key. Throws Fault `backup.unknown` and `backup.not_one`. */
export async function readManifest(path: string): Promise<Manifest> {
  const stream = await openFile(path);
  try {
    return (await readHead(byteReader(stream))).manifest;
  } finally {
    stream.destroy();
  }
}

/**
 * Reads a backup to its end and hands its entries to `take`; every chunk is authenticated before any byte of it is used.
 * Throws Faults `backup.unknown`, `not_one`, `wrong_key`, `cut_off`, `damaged`, `unreadable`. What `take` has done when
 * one comes late is the caller's to throw away.
 */
export async function readBackupFile(
  path: string,
  masterKey: Uint8Array,
  take: (entry: Entry) => Promise<void>,
): Promise<{ manifest: Manifest; files: number; read: WrittenFile }> {
  const stream = await openFile(path);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const reader = byteReader(
      (async function* () {
        for await (const piece of stream as AsyncIterable<Buffer>) {
          hash.update(piece);
          bytes += piece.byteLength;
          yield piece;
        }
      })(),
    );
    const { manifest, head } = await readHead(reader);
    const key = checkKey(manifest, masterKey);
    const sealed = async function* (): AsyncGenerator<Buffer> {
      while (!(await reader.isAtEnd())) yield await reader.some();
    };
    const files = await readArchive(gunzip(openChunks(sealed(), key, head)), take);
    return { manifest, files, read: { bytes, sha256: hash.digest() } };
  } finally {
    stream.destroy();
  }
}

/** As `pipe`, but a failure of the source reaches the reader as it was thrown. */
async function* gunzip(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unpacked = createGunzip();
  const from = Readable.from(source);
  from.on('error', (error) => unpacked.destroy(error));
  from.pipe(unpacked);
  try {
    for await (const piece of unpacked as AsyncIterable<Buffer>) yield piece;
  } finally {
    from.destroy();
    unpacked.destroy();
  }
}

async function openFile(path: string): Promise<Readable> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() === true) return createReadStream(path, { highWaterMark: 262_144 });
  throw new Fault('not_found', 'backup.unknown', { message: `there is no backup at ${path}` });
}
