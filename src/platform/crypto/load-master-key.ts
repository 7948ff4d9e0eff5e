import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, readFileSync, writeSync, closeSync, fsyncSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '../../kernel/index.ts';
import { masterKeyBytes } from './keyring.ts';

export type MasterKeySource = {
  /** WHARF_MASTER_KEY: 32 bytes in base64; wins over the file. */
  readonly env: string | undefined;
  /** Read when there is no variable; made with mode 0600 when it does not exist. */
  readonly file: string;
};

/** The master key. Two processes that start at once make one file between them. Throws Fault `crypto.bad_master_key`. */
export function loadOrCreateMasterKey(source: MasterKeySource): Uint8Array {
  if (source.env !== undefined && source.env !== '') return decode(source.env, 'WHARF_MASTER_KEY');
  const stored = readIfThere(source.file) ?? create(source.file);
  return decode(stored, source.file);
}

function create(file: string): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const text = randomBytes(masterKeyBytes).toString('base64');
  const descriptor = openNew(file);
  if (descriptor === null) return readIfThere(file) ?? '';
  try {
    writeSync(descriptor, `${text}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return text;
}

/** Null when another process was first. */
function openNew(file: string): number | null {
  try {
    return openSync(file, 'wx', 0o600);
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return null;
    throw error;
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
}

function decode(text: string, from: string): Uint8Array {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, 'base64');
  if (key.byteLength === masterKeyBytes && /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return key;
  throw new Fault('invalid', 'crypto.bad_master_key', {
    message: `${from}: a master key is ${masterKeyBytes} bytes in base64 (44 characters)`,
  });
}

function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
