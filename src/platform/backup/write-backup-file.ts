import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { writeArchive, type Entry } from './archive.ts';
import { sealChunks } from './chunks.ts';
import { encodeHead, type Manifest } from './manifest.ts';

export type WrittenFile = { readonly bytes: number; readonly sha256: Buffer };

/**
 * Archive → gzip → sealed chunks → file. Written under another name, brought to the disk and renamed: a file with its own
 * name is whole. One whose writing failed is removed.
 */
export async function writeBackupFile(
  path: string,
  from: { manifest: Manifest; key: Uint8Array; entries: AsyncIterable<Entry> },
  options: { signal: AbortSignal; onBytes: (bytes: number) => void },
): Promise<WrittenFile> {
  const partial = join(dirname(path), `.${basename(path)}.part`);
  const head = encodeHead(from.manifest);
  const hash = createHash('sha256');
  let bytes = 0;
  const counted = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of source) {
      hash.update(piece);
      bytes += piece.byteLength;
      options.onBytes(bytes);
      yield piece;
    }
  };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rm(partial, { force: true });
  try {
    await pipeline(
      Readable.from(writeArchive(from.entries)),
      createGzip({ level: constants.Z_BEST_SPEED }),
      (source: AsyncIterable<Buffer>) => withHead(head, sealChunks(source, from.key, head)),
      counted,
      createWriteStream(partial, { flags: 'wx', mode: 0o600 }),
      { signal: options.signal },
    );
    await sync(partial);
    await rename(partial, path);
    await sync(dirname(path));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return { bytes, sha256: hash.digest() };
}

async function* withHead(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
