import { z } from 'zod';
import { Fault } from '../../kernel/index.ts';
import { byteReader, type ByteReader } from './byte-reader.ts';

/** One file or folder of an archive; `content` of a file is read once, in order. */
export type Entry =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly content: AsyncIterable<Uint8Array> };

const header = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), path: z.string() }),
  z.object({ kind: z.literal('file'), path: z.string() }),
  z.object({ kind: z.literal('end'), files: z.number().int() }),
]);

const headerBytesMax = 65_536;
const pieceBytesMax = 16_777_216;

/**
 * Files as one stream of unknown length: length (4 bytes) · header (JSON) · pieces, each with its length, the last one
 * empty. The end says how many files there were. A file that changes while it is read needs no length told before.
 */
export async function* writeArchive(entries: AsyncIterable<Entry>): AsyncGenerator<Buffer> {
  let files = 0;
  for await (const entry of entries) {
    yield framed(Buffer.from(JSON.stringify({ kind: entry.kind, path: entry.path })));
    if (entry.kind === 'folder') continue;
    files += 1;
    for await (const piece of entry.content) if (piece.byteLength > 0) yield framed(piece);
    yield framed(Buffer.alloc(0));
  }
  yield framed(Buffer.from(JSON.stringify({ kind: 'end', files })));
}

/** Hands each entry to `take`, which reads content to its end or not at all. Answers with the number of files. */
export async function readArchive(
  source: AsyncIterable<Uint8Array>,
  take: (entry: Entry) => Promise<void>,
): Promise<number> {
  const reader = byteReader(source);
  for (let files = 0; ;) {
    const found = header.parse(JSON.parse((await frame(reader, headerBytesMax)).toString('utf8')));
    if (found.kind === 'end') {
      if (found.files !== files || !(await reader.isAtEnd())) throw broken();
      return files;
    }
    if (!isInside(found.path)) throw broken();
    if (found.kind === 'folder') {
      await take(found);
      continue;
    }
    const content = pieces(reader);
    await take({ ...found, content });
    while ((await content.next()).done !== true);
    files += 1;
  }
}

/** Relative, and never up: an archive writes below its folder only. */
function isInside(path: string): boolean {
  return /^[^/\\]/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

async function* pieces(reader: ByteReader): AsyncGenerator<Buffer> {
  for (;;) {
    const piece = await frame(reader, pieceBytesMax);
    if (piece.byteLength === 0) return;
    yield piece;
  }
}

function framed(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.byteLength);
  return Buffer.concat([length, bytes]);
}

async function frame(reader: ByteReader, bytesMax: number): Promise<Buffer> {
  const length = (await reader.read(4))?.readUInt32BE(0) ?? Number.POSITIVE_INFINITY;
  if (length > bytesMax) throw broken();
  if (length === 0) return Buffer.alloc(0);
  const bytes = await reader.read(length);
  if (bytes === null) throw broken();
  return bytes;
}

function broken(): Fault {
  return new Fault('conflict', 'backup.unreadable', {
    message: 'what this backup holds cannot be read: another program wrote it',
  });
}
