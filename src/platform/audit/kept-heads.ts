import { mkdir, readFile, rename, writeFile, appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { ChainHead } from './seal-rows.ts';

/** A head of the chain that is kept where the database's administrator cannot write, so that a cut tail shows. */
export type KeptHead = {
  readonly position: number;
  /** Hexadecimal. */
  readonly seal: string;
  /** When it was kept, ISO 8601. */
  readonly at: string;
};

const line = z.union([
  z.object({ position: z.number().int().positive(), seal: z.string(), at: z.string() }),
  z.object({ forgottenAt: z.string(), reason: z.string(), keptSince: z.string().optional() }),
]);

const linesMax = 2_000;
const linesLeft = 1_000;

/**
 * The heads of one database in a file of JSON lines, oldest first. A line that forgets takes back those before it: all of
 * them, or those kept since an instant.
 */
export async function readKeptHeads(file: string): Promise<KeptHead[]> {
  let heads: KeptHead[] = [];
  for (const text of await readLines(file)) {
    const { data } = line.safeParse(parseJson(text));
    if (data === undefined) continue;
    if ('position' in data) heads.push(data);
    else heads = heads.filter(({ at }) => data.keptSince !== undefined && Date.parse(at) < Date.parse(data.keptSince));
  }
  return heads;
}

/** Adds one line; a long file is cut to its newest half. */
export async function keepHead(file: string, head: ChainHead, now: Date): Promise<void> {
  const kept: KeptHead = {
    position: head.position,
    seal: Buffer.from(head.seal).toString('hex'),
    at: now.toISOString(),
  };
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
  const lines = await readLines(file);
  if (lines.length <= linesMax) return;
  await writeFile(`${file}.new`, `${lines.slice(-linesLeft).join('\n')}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/**
 * After a restore to an earlier time: what was kept since then speaks of rows that are gone, while older heads still hold.
 * `keptSince` null: all that was kept no longer speaks for this database.
 */
export async function forgetHeads(
  file: string,
  { reason, keptSince, now }: { readonly reason: string; readonly keptSince: Date | null; readonly now: Date },
): Promise<void> {
  const since = keptSince === null ? {} : { keptSince: keptSince.toISOString() };
  const forgotten = { forgottenAt: now.toISOString(), reason, ...since };
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify(forgotten)}\n`, { mode: 0o600 });
}

async function readLines(file: string): Promise<string[]> {
  try {
    return (await readFile(file, 'utf8')).split('\n').filter((text) => text !== '');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** A line that a crash cut short is no head. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
