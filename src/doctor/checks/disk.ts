import { statfs } from 'node:fs/promises';
import { bad, ok, unknown, warn, type DoctorCheck, type Finding } from '../finding.ts';
import { bytes } from '../words.ts';

const gib = 1_024 ** 3;
const warnBelowBytes = 5 * gib;
const badBelowBytes = gib;

export type Place = { readonly what: string; readonly path: string };

/** Free bytes where the database, `var/` and the backups lie. A place that does not exist yet is not looked at. */
export function diskCheck(places: () => Promise<readonly Place[]>): DoctorCheck {
  return {
    name: 'disk',
    title: 'Disk',
    async run() {
      const findings = await Promise.all((await places()).map(look));
      return findings.length === 0 ? [unknown('no folder of ours is on this machine', null)] : findings;
    },
  };
}

async function look({ what, path }: Place): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(path);
    return judgeSpace(what, path, bavail * bsize);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return ok(`${path} is not there yet`, what);
    return unknown(`${path} cannot be looked at`, `Check the rights on ${path}.`, what);
  }
}

export function judgeSpace(what: string, path: string, freeBytes: number): Finding {
  const found = `${bytes(freeBytes)} free at ${path}`;
  if (freeBytes >= warnBelowBytes) return ok(found, what);
  const step = `Free or add space: df -h ${path}. PostgreSQL stops when it can write no more.`;
  return freeBytes >= badBelowBytes ? warn(found, step, what) : bad(found, step, what);
}
