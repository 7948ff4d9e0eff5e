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
    const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)));
    return uid === undefined || gid === undefined ? null : { uid, gid };
  } catch {
    return null;
  }
}

async function create(): Promise<OsUser> {
  const shared = ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  try {
    await run('useradd', [...shared, '--user-group', name]);
  } catch (useraddFailed) {
    // BusyBox (Alpine) has adduser only.
    await run('adduser', ['-S', '-D', '-H', name]).catch(() => {
      throw new Error('PostgreSQL does not run as root, and the user "postgres" could not be made', {
        cause: useraddFailed,
      });
    });
  }
  const user = await lookUp();
  if (user === null) throw new Error('the user "postgres" was made but cannot be found');
  return user;
}

/** Whether that user can read and run what stands at `path`, through all the folders above it. */
export async function canReach(user: OsUser, path: string): Promise<boolean> {
  if (user === null) return true;
  try {
    await run('/bin/sh', ['-c', 'test -r "$1" && test -x "$1"', 'sh', path], { cwd: '/', uid: user.uid, gid: user.gid });
    return true;
  } catch {
    return false;
  }
}
