import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { useDatabase } from '../../../test/support/database.ts';
import { quietLog } from '../../../test/support/quiet-log.ts';
import { systemClock } from '../../kernel/index.ts';
import { openBackupSession } from '../db/index.ts';
import { listExceptions } from '../exceptions/index.ts';
import { checkTool } from './dump-tool.ts';
import { lastGoodBackup, listBackups, pruneBackups, takeBackup, type BackupSource, type TakenBackup } from './index.ts';
import { readBackupFile } from './read-backup-file.ts';

const database = useDatabase();
const folder = mkdtempSync(join(tmpdir(), 'wharf-backup-'));
const dir = join(folder, 'backups');
const tools = join(folder, 'bin');
const masterKey = randomBytes(32);
mkdirSync(tools);
afterAll(() => rmSync(folder, { recursive: true }));

/** A pg_dump of our own: what it does after it has told its version. */
function layTool(body: string, version = '99.1'): void {
  const script = `#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump (PostgreSQL) ${version}" && exit 0\n${body}\n`;
  writeFileSync(join(tools, 'pg_dump'), script);
  chmodSync(join(tools, 'pg_dump'), 0o755);
}

function source(): BackupSource {
  return {
    kind: 'dump',
    url: database.url,
    toolPath: `${tools}:/usr/bin:/bin`,
    masterKey,
    program: '0.1.0',
    migrations: { last: '0012_create_backups.sql', hash: 'abc' },
  };
}

function take(): Promise<TakenBackup> {
  return takeBackup({ database, clock: systemClock, log: quietLog }, source(), { dir });
}

async function openKinds(): Promise<string[]> {
  const { items } = await database.read((db) => listExceptions(db, { after: null, limit: 10 }, { state: 'open' }));
  return items.map(({ kind }) => kind);
}

beforeEach(() => rmSync(dir, { recursive: true, force: true }));

describe('a backup by a tool', () => {
  test('is good once it was read back: a row, a note beside the file, readable by its owner only', async () => {
    layTool('echo "the whole database"');
    const taken = await take();
    expect(await database.read(lastGoodBackup)).toMatchObject({ id: taken.id, file: taken.file, bytes: taken.bytes });
    expect(statSync(taken.file).mode & 0o777).toBe(0o600);
    const [listed] = await listBackups(dir);
    expect(listed).toMatchObject({ file: taken.file, bytes: taken.bytes, verifiedAt: expect.any(Date) as Date });
    let content = '';
    await readBackupFile(taken.file, masterKey, async (entry) => {
      if (entry.kind === 'file') for await (const piece of entry.content) content += Buffer.from(piece).toString();
    });
    expect(content).toBe('the whole database\n');
  });

  test('tells the tool its password by the environment, never by arguments', async () => {
    layTool('echo "$@"; echo "$PGPASSWORD"; echo "$PGDATABASE"');
    const { file } = await take();
    let said = '';
    await readBackupFile(file, masterKey, async (entry) => {
      if (entry.kind !== 'file') return;
      for await (const piece of entry.content) said += Buffer.from(piece).toString();
    });
    const { password, pathname } = new URL(database.url);
    const [args, ...environment] = said.split('\n');
    expect(environment.slice(0, 2)).toEqual([decodeURIComponent(password), pathname.slice(1)]);
    expect(args).toContain('--format=custom');
    if (password !== '') expect(args).not.toContain(password);
  });

  test('that fails leaves no file, opens an exception and is not the last good one; the next good one closes it', async () => {
    layTool('echo half; echo "connection lost" >&2; exit 1');
    const before = await database.read(lastGoodBackup);
    await expect(take()).rejects.toMatchObject({ code: 'backup.tool_failed' });
    expect(readdirSync(dir)).toEqual([]);
    expect(await openKinds()).toEqual(['backup.failed']);
    expect(await database.read(lastGoodBackup)).toEqual(before);
    layTool('echo whole');
    await take();
    expect(await openKinds()).toEqual([]);
  });

  test('runs one at a time over all processes, and a process that dies gives the right back', async () => {
    layTool('echo whole');
    const other = await openBackupSession(database.url);
    await expect(take()).rejects.toMatchObject({ code: 'backup.running' });
    await other?.close();
    await expect(take()).resolves.toMatchObject({ files: 1 });
  });

  test('a tool that is missing or older than the server is named with what to install', async () => {
    layTool('', '14.9');
    await expect(checkTool('pg_dump', 150_004, tools)).rejects.toMatchObject({ code: 'backup.tool_too_old' });
    await expect(checkTool('pg_dump', 150_004, folder)).rejects.toThrow(/apt-get install postgresql-client-15/);
    layTool('', '15.13 (Debian 15.13-0+deb12u1)');
    await expect(checkTool('pg_dump', 150_004, tools)).resolves.toBeUndefined();
  });
});

test('what nobody needs is removed with its note; a file that was never read back stays', async () => {
  layTool('echo whole');
  const [first, second] = [await take(), await take()];
  const copied = join(dir, 'copied.wharf-backup');
  writeFileSync(copied, 'what is this');
  expect(await pruneBackups(dir, { days: 1, weeks: 0 })).toEqual([first.file]);
  expect(readdirSync(dir).toSorted()).toEqual(
    [copied, second.file, `${second.file}.json`].map((file) => file.slice(dir.length + 1)).toSorted(),
  );
});
