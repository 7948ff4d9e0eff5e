import { rm } from 'node:fs/promises';
import { chooseKept, type Keep } from './choose-kept.ts';
import { listBackups, noteOf } from './list-backups.ts';

/** Removes good backups of a folder that nobody needs to keep. What is not known to be whole is left to people. */
export async function pruneBackups(dir: string, keep: Keep): Promise<string[]> {
  const good = (await listBackups(dir)).flatMap(({ file, manifest, verifiedAt }) =>
    manifest === null || verifiedAt === null ? [] : [{ file, createdAt: new Date(manifest.createdAt) }],
  );
  const kept = chooseKept(good, keep);
  const gone = good.filter((backup) => !kept.has(backup)).map(({ file }) => file);
  for (const file of gone) {
    await rm(file, { force: true });
    await rm(noteOf(file), { force: true });
  }
  return gone;
}
