import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadOrCreateMasterKey } from './index.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'wharf-key-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

test('a key is made once, readable by its owner only, and found again', () => {
  const file = join(dir, 'var', 'master.key');
  const key = loadOrCreateMasterKey({ env: undefined, file });
  expect(key).toHaveLength(32);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(loadOrCreateMasterKey({ env: '', file })).toEqual(key);
  expect(readFileSync(file, 'utf8').trim()).toBe(Buffer.from(key).toString('base64'));
});

test('the variable wins over the file', () => {
  const env = Buffer.alloc(32, 5).toString('base64');
  const file = join(dir, 'not-made.key');
  expect(loadOrCreateMasterKey({ env, file })).toEqual(Buffer.alloc(32, 5));
  expect(() => statSync(file)).toThrow();
});

test('a malformed key is refused without being shown', () => {
  const file = join(dir, 'bad.key');
  writeFileSync(file, 'c2hvcnQ=');
  for (const source of [
    { env: undefined, file },
    { env: 'not base64 but-a-secret', file },
  ]) {
    expect(() => loadOrCreateMasterKey(source)).toThrow(expect.objectContaining({ code: 'crypto.bad_master_key' }));
    expect(() => loadOrCreateMasterKey(source)).not.toThrow('but-a-secret');
  }
});
