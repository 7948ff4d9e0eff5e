import { chmod, mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordingLog } from '../../../../test/support/quiet-log.ts';
import { findPlace, type Place } from './place.ts';

const isRoot = process.getuid?.() === 0;
// Any user that is not root: `nobody` on every Linux.
const user = { uid: 65_534, gid: 65_534 };

let dir = '';
const log = recordingLog();

beforeEach(async () => {
  log.lines.length = 0;
  dir = await mkdtemp(join(tmpdir(), 'wharf-place-'));
  await chmod(dir, 0o755);
});

afterEach(() => rm(dir, { recursive: true }));

async function layBinaries(native: string): Promise<void> {
  await mkdir(join(native, 'bin'), { recursive: true });
  await mkdir(join(native, 'lib'), { recursive: true });
  await writeFile(join(native, 'bin/postgres'), '#!/bin/sh\n', { mode: 0o755 });
  await writeFile(join(native, 'lib/libpq.so.5.18'), '');
  await symlink('libpq.so.5.18', join(native, 'lib/libpq.so.5'));
}

function find(native: string, wanted: string): Promise<Place> {
  const binaries = { native, version: '18.0.0' };
  return findPlace(wanted, { binaries, user, outside: join(dir, 'outside'), log });
}

test.runIf(isRoot)('where the server’s user reaches both, binaries and data stay in the checkout', async () => {
  await layBinaries(join(dir, 'native'));
  expect(await find(join(dir, 'native'), join(dir, 'var'))).toEqual({
    native: join(dir, 'native'),
    dir: join(dir, 'var'),
  });
  expect(log.lines).toEqual([]);
});

test.runIf(isRoot)('binaries below a 0700 folder are copied outside, links kept, once', async () => {
  const native = join(dir, 'closed/node_modules/native');
  await layBinaries(native);
  await chmod(join(dir, 'closed'), 0o700);
  const place = await find(native, join(dir, 'var'));
  expect(place.dir.startsWith(join(dir, 'outside'))).toBe(true);
  expect(await readlink(join(place.native, 'lib/libpq.so.5'))).toBe('libpq.so.5.18');
  expect(log.lines).toHaveLength(1);
  await writeFile(join(place.native, 'mark'), 'still the first copy');
  expect(await find(native, join(dir, 'var'))).toEqual(place);
  expect(await readFile(join(place.native, 'mark'), 'utf8')).toBe('still the first copy');
});

test.runIf(isRoot)('several processes that copy at once end with one whole copy', async () => {
  const native = join(dir, 'closed/native');
  await layBinaries(native);
  await chmod(join(dir, 'closed'), 0o700);
  const places = await Promise.all([1, 2, 3].map(() => find(native, join(dir, 'closed/var'))));
  expect(new Set(places.map(({ native: copy }) => copy)).size).toBe(1);
  expect(await readlink(join(places[0]?.native ?? '', 'lib/libpq.so.5'))).toBe('libpq.so.5.18');
});
