import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { OsUser } from './os-user.ts';
import { exists, giveTo, type Place } from './place.ts';

const run = promisify(execFile);

/** The owner of everything in the embedded cluster. */
export const clusterUser = 'wharf';

/** The cluster's password, 0600 and ours; made once. The link makes it whole or absent for others who start at the same time. */
export async function clusterPassword(dir: string): Promise<string> {
  const path = join(dir, 'password');
  if (!(await exists(path))) {
    const draft = join(dir, `password-${randomUUID()}`);
    await writeFile(draft, randomBytes(24).toString('base64url'), { mode: 0o600 });
    await link(draft, path).catch(() => undefined);
    await rm(draft);
  }
  return readFile(path, 'utf8');
}

/**
 * Makes the data directory when there is none, beside its place, and renames it there: a killed initdb leaves nothing
 * half made, and of two at once one wins. PostgreSQL's own C.UTF-8, so that no order depends on the machine's locales.
 */
export async function ensureCluster(place: Place, options: { user: OsUser; durable: boolean }): Promise<void> {
  const dataDir = join(place.dir, 'data');
  if (await exists(join(dataDir, 'PG_VERSION'))) return;
  const attempt = join(place.dir, `init-${randomUUID()}`);
  const partial = join(attempt, 'data');
  const passwordFile = join(attempt, 'password');
  await mkdir(partial, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, await clusterPassword(place.dir), { mode: 0o600 });
  for (const path of [attempt, partial, passwordFile]) await giveTo(options.user, path);
  try {
    await run(join(place.native, 'bin', 'initdb'), initdbFlags(partial, passwordFile, options.durable), {
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
      ...options.user,
    });
    await rename(partial, dataDir).catch(async (error: unknown) => {
      if (!(await exists(join(dataDir, 'PG_VERSION')))) throw error;
    });
  } finally {
    await rm(attempt, { recursive: true, force: true });
  }
}

function initdbFlags(dataDir: string, passwordFile: string, durable: boolean): string[] {
  return [
    `--pgdata=${dataDir}`,
    `--username=${clusterUser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ];
}
