import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Removes what a hub kept: its folder, and where it stood outside it because PostgreSQL's user could not enter. */
export function removeVarDir(varDir: string): void {
  const wanted = resolve(varDir, 'postgres');
  const outside = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  for (const folder of [varDir, join('/var/lib/wharf', outside)]) rmSync(folder, { recursive: true, force: true });
}
