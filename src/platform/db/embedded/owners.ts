import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, startTicks } from './process-life.ts';

/** Which living processes use the server: the last one to leave stops it. One file a process, named by its pid. */
export async function registerOwner(dir: string): Promise<void> {
  await mkdir(join(dir, 'owners'), { recursive: true });
  await writeFile(ownerFile(dir, process.pid), startTicks(process.pid));
}

export async function releaseOwner(dir: string): Promise<void> {
  await rm(ownerFile(dir, process.pid), { force: true });
}

/** Pids of the other living owners; files of dead ones (kill -9) are swept. */
export async function otherOwners(dir: string): Promise<number[]> {
  const living: number[] = [];
  for (const name of await readdir(join(dir, 'owners'))) {
    const pid = Number(name);
    if (pid === process.pid) continue;
    const ticks = await readFile(ownerFile(dir, pid), 'utf8').catch(() => null);
    if (ticks !== null && isAlive(pid) && ticks === startTicks(pid)) living.push(pid);
    else await rm(ownerFile(dir, pid), { force: true });
  }
  return living;
}

function ownerFile(dir: string, pid: number): string {
  return join(dir, 'owners', String(pid));
}
