import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The OS user that PostgreSQL runs as: null means the user that we are. */
export type OsUser = { readonly uid: number; readonly gid: number } | null;

const name = 'postgres';

/** PostgreSQL refuses to run as root: there it runs as `postgres`, which is created when missing. */
export async function serverUser(): Promise<OsUser> {
  if (process.getuid?.() !== 0) return null;
  return (await lookUp()) ?? (await create());
}

async function lookUp(): Promise<OsUser> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)),
    );
    return uid === undefined || gid === undefined ? null : { uid, gid };
  } catch {
    return null;
  }
}

/** With a group of its own, with a group that is there already, and BusyBox (Alpine), which has adduser only. */
const commands: readonly (readonly [string, ...string[]])[] = [
  ['useradd', '--system', '--no-create-home', '--shell', '/usr/sbin/nologin', '--user-group', name],
  ['useradd', '--system', '--no-create-home', '--shell', '/usr/sbin/nologin', '--gid', name, name],
  ['adduser', '-S', '-D', '-H', name],
];

async function create(): Promise<OsUser> {
  const failures: unknown[] = [];
  for (const [command, ...args] of commands) {
    await run(command, args).catch((error: unknown) => failures.push(error));
    const user = await lookUp();
    if (user !== null) return user;
  }
  throw new AggregateError(failures, 'PostgreSQL does not run as root, and the user "postgres" could not be made');
}

/** Whether that user can read and run what stands at `path`, through all the folders above it. */
export async function canReach(user: OsUser, path: string): Promise<boolean> {
  if (user === null) return true;
  try {
    await run('/bin/sh', ['-c', 'test -r "$1" && test -x "$1"', 'sh', path], {
      cwd: '/',
      uid: user.uid,
      gid: user.gid,
    });
    return true;
  } catch {
    return false;
  }
}
