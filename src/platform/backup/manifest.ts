import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Fault } from '../../kernel/index.ts';
import { CutOff, type ByteReader } from './byte-reader.ts';

/** What stands at the head of a backup, readable without any key. It holds no secret. */
const manifest = z.object({
  format: z.literal(1),
  id: z.uuid(),
  createdAt: z.iso.datetime(),
  /** `cluster`: the files of an embedded PostgreSQL; `dump`: one database, by pg_dump. */
  kind: z.enum(['cluster', 'dump']),
  program: z.string(),
  server: z.object({ version: z.number().int(), platform: z.string(), arch: z.string() }),
  migrations: z.object({ last: z.string(), hash: z.string() }),
  /** The one that the hub worked on. */
  database: z.string(),
  databases: z.array(z.object({ name: z.string(), bytes: z.number().int() })),
  salt: z.base64(),
  /** Tells another master key from a damaged file. */
  keyCheck: z.base64(),
});

export type Manifest = z.infer<typeof manifest>;

const magic = 'WHARFBAK';
const manifestBytesMax = 1_048_576;

/** Magic (8 bytes) · length (4) · JSON. */
export function encodeHead(of: Manifest): Buffer {
  const text = Buffer.from(JSON.stringify(of));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.byteLength);
  return Buffer.concat([Buffer.from(magic), length, text]);
}

/** Throws Fault `backup.not_one` where the file is something else. */
export async function readHead(reader: ByteReader): Promise<{ manifest: Manifest; head: Buffer }> {
  try {
    const start = await reader.read(magic.length + 4);
    if (start === null || start.toString('latin1', 0, magic.length) !== magic) throw notOne();
    const length = start.readUInt32BE(magic.length);
    const text = length > manifestBytesMax ? null : await reader.read(length);
    if (text === null) throw notOne();
    const parsed = manifest.safeParse(JSON.parse(text.toString('utf8')));
    if (!parsed.success) throw notOne();
    return { manifest: parsed.data, head: Buffer.concat([start, text]) };
  } catch (error) {
    throw error instanceof CutOff || error instanceof SyntaxError ? notOne() : error;
  }
}

export function newSalt(): Buffer {
  return randomBytes(32);
}

/** The key of one backup: its salt makes it another's than any other's, so that nonces may count from zero. */
export function backupKey(masterKey: Uint8Array, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', masterKey, salt, 'wharf backup', 32));
}

export function keyCheck(key: Uint8Array): string {
  return createHmac('sha256', key).update('wharf backup check').digest().subarray(0, 8).toString('base64');
}

/** Throws Fault `backup.wrong_key`. */
export function checkKey(of: Manifest, masterKey: Uint8Array): Uint8Array {
  const key = backupKey(masterKey, Buffer.from(of.salt, 'base64'));
  if (keyCheck(key) === of.keyCheck) return key;
  throw new Fault('conflict', 'backup.wrong_key', {
    message: 'this backup was made under another master key: set WHARF_MASTER_KEY to the one of the hub it comes from',
  });
}

function notOne(): Fault {
  return new Fault('invalid', 'backup.not_one', {
    message: 'this file is not a backup of Wharf, or its head is damaged',
  });
}
