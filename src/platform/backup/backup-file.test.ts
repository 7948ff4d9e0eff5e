import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { newId } from '../../kernel/index.ts';
import type { Entry } from './archive.ts';
import { chunkBytes } from './chunks.ts';
import { backupKey, encodeHead, keyCheck, newSalt, type Manifest } from './manifest.ts';
import { readBackupFile, readManifest } from './read-backup-file.ts';
import { writeBackupFile } from './write-backup-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'wharf-backup-file-'));
afterAll(() => rmSync(dir, { recursive: true }));

const masterKey = randomBytes(32);
const options = { signal: new AbortController().signal, onBytes: (): void => undefined };

function manifestOf(salt: Buffer): Manifest {
  return {
    format: 1,
    id: newId(),
    createdAt: '2026-11-21T03:17:00.000Z',
    kind: 'dump',
    program: '0.1.0',
    server: { version: 150_004, platform: 'linux', arch: 'x64' },
    migrations: { last: '0001_create_x.sql', hash: 'abc' },
    database: 'wharf',
    databases: [{ name: 'wharf', bytes: 1 }],
    salt: salt.toString('base64'),
    keyCheck: keyCheck(backupKey(masterKey, salt)),
  };
}

async function write(name: string, files: Readonly<Record<string, readonly Buffer[]>>): Promise<string> {
  const salt = newSalt();
  const path = join(dir, name);
  const entries = async function* (): AsyncGenerator<Entry> {
    yield { kind: 'folder', path: 'data' };
    for (const [file, pieces] of Object.entries(files)) {
      yield {
        kind: 'file',
        path: file,
        content: (async function* () {
          yield* pieces;
        })(),
      };
    }
  };
  await writeBackupFile(
    path,
    { manifest: manifestOf(salt), key: backupKey(masterKey, salt), entries: entries() },
    options,
  );
  return path;
}

async function read(path: string, key: Uint8Array = masterKey): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  await readBackupFile(path, key, async (entry) => {
    if (entry.kind === 'folder') return;
    const pieces: Uint8Array[] = [];
    for await (const piece of entry.content) pieces.push(piece);
    found.set(entry.path, Buffer.concat(pieces));
  });
  return found;
}

/** Places where the sealed chunks of a file begin, and its end. */
function chunkStarts(bytes: Buffer): number[] {
  const starts = [12 + bytes.readUInt32BE(8)];
  for (let at = starts[0] ?? 0; at < bytes.byteLength; starts.push(at)) at += 4 + bytes.readUInt32BE(at) + 16;
  return starts;
}

// Random bytes do not shrink: three chunks and a part.
const big = randomBytes(3 * chunkBytes + 4_711);
const whole = await write('whole.wbk', { 'data/big': [big.subarray(0, 10), big.subarray(10)], 'data/empty': [] });
const original = readFileSync(whole);
const starts = chunkStarts(original);

async function readChanged(change: (bytes: Buffer) => Buffer): Promise<string> {
  const path = join(dir, 'changed.wbk');
  writeFileSync(path, change(Buffer.from(original)));
  return read(path).then(
    () => 'read',
    (error: { code: string }) => error.code,
  );
}

describe('a backup file', () => {
  test('gives back what was put in, and its head is read without a key', async () => {
    expect(starts.length).toBeGreaterThan(4);
    const found = await read(whole);
    expect([...found].map(([path, bytes]) => [path, bytes.byteLength])).toEqual([
      ['data/big', big.byteLength],
      ['data/empty', 0],
    ]);
    expect(found.get('data/big')?.compare(big)).toBe(0);
    expect(await readManifest(whole)).toMatchObject({ kind: 'dump', database: 'wharf' });
    expect(original.includes(big.subarray(0, 32))).toBe(false);
  });

  test('another master key is told from damage', async () => {
    await expect(read(whole, randomBytes(32))).rejects.toMatchObject({ code: 'backup.wrong_key' });
  });

  test('a changed bit anywhere in the chunks or the head is found', async () => {
    for (const at of [
      12,
      40,
      (starts[0] ?? 0) + 2,
      (starts[0] ?? 0) + 5,
      (starts[2] ?? 0) + 999,
      original.length - 1,
    ]) {
      const code = await readChanged((bytes) => {
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        return bytes;
      });
      expect(code).toMatch(/^backup\.(damaged|not_one|wrong_key|cut_off)$/);
    }
  });

  test('a head whose words were changed does not open its chunks', async () => {
    const other = encodeHead({ ...(await readManifest(whole)), database: 'other' });
    expect(await readChanged((bytes) => Buffer.concat([other, bytes.subarray(starts[0])]))).toBe('backup.damaged');
  });

  test('a file that was cut off is refused, also where a chunk ends', async () => {
    for (const end of [starts[0] ?? 0, (starts[1] ?? 0) + 3, (starts[1] ?? 0) + 100, ...starts.slice(1, -1)]) {
      expect(await readChanged((bytes) => bytes.subarray(0, end))).toBe('backup.cut_off');
    }
  });

  test('chunks that were moved, repeated, dropped or added are refused', async () => {
    const part = (from: number, bytes: Buffer): Buffer => bytes.subarray(starts[from], starts[from + 1]);
    const head = original.subarray(0, starts[0]);
    const rest = original.subarray(starts[2]);
    const last = original.subarray(starts.at(-2));
    for (const pieces of [
      [head, part(1, original), part(0, original), rest],
      [head, part(0, original), part(0, original), part(1, original), rest],
      [head, part(1, original), rest],
      [original, last],
      [original, Buffer.from('more')],
    ]) {
      expect(await readChanged(() => Buffer.concat(pieces))).toMatch(/^backup\.(damaged|cut_off)$/);
    }
  });

  test('a file that is no backup says so', async () => {
    expect(await readChanged(() => Buffer.from('hello'))).toBe('backup.not_one');
    await expect(read(join(dir, 'missing'))).rejects.toMatchObject({ code: 'backup.unknown' });
  });

  test('a path that leaves its folder is refused', async () => {
    await expect(read(await write('outside.wbk', { 'data/../../passwd': [] }))).rejects.toMatchObject({
      code: 'backup.unreadable',
    });
  });

  test('a writing that fails leaves nothing behind', async () => {
    const path = join(dir, 'failed.wbk');
    const entries = async function* (): AsyncGenerator<Entry> {
      yield { kind: 'folder', path: 'data' };
      throw new Error('the disk is gone');
    };
    const salt = newSalt();
    const from = { manifest: manifestOf(salt), key: backupKey(masterKey, salt), entries: entries() };
    await expect(writeBackupFile(path, from, options)).rejects.toThrow('the disk is gone');
    expect(() => readFileSync(path)).toThrow();
    expect(() => readFileSync(join(dir, '.failed.wbk.part'))).toThrow();
  });
});
