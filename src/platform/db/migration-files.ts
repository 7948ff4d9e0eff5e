import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type MigrationFile = { readonly name: string; readonly hash: string; readonly text: string };

const namePattern = /^\d{4}_[a-z][a-z0-9_]*\.sql$/;

/** Reads `NNNN_verb_noun.sql` in order. Throws where there is none, one is misnamed, or two share a number. */
export async function readMigrationFiles(dir: string): Promise<MigrationFile[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.sql')).toSorted();
  if (names.length === 0) throw new Error(`there are no migrations in ${dir}`);
  const numbers = new Set<string>();
  return Promise.all(
    names.map(async (name) => {
      if (!namePattern.test(name)) throw new Error(`migration ${name} is not named NNNN_verb_noun.sql`);
      const number = name.slice(0, 4);
      if (numbers.has(number)) throw new Error(`two migrations are numbered ${number}`);
      numbers.add(number);
      const text = (await readFile(join(dir, name), 'utf8')).replaceAll('\r\n', '\n');
      return { name, hash: sha256(text), text };
    }),
  );
}

/** One hash over all files: names the template database of a test run. */
export function hashMigrations(files: readonly MigrationFile[]): string {
  return sha256(files.map(({ name, hash }) => `${name} ${hash}`).join('\n'));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
