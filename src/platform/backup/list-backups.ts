import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Manifest } from './manifest.ts';
import { readManifest } from './read-backup-file.ts';

/** What is written beside a file once it was read back whole. */
const note = z.object({ id: z.string(), bytes: z.number(), sha256: z.string(), verifiedAt: z.iso.datetime() });

export type BackupNote = z.infer<typeof note>;

export type FoundBackup = {
  readonly file: string;
  readonly bytes: number;
  /** Null where the head cannot be read. */
  readonly manifest: Manifest | null;
  /** When it was last read back whole; null: never, as for one that was copied here without its note. */
  readonly verifiedAt: Date | null;
};

export const backupEnding = '.wharf-backup';

export function noteOf(file: string): string {
  return `${file}.json`;
}

/** The backups of a folder, newest first, by what stands in the files and beside them: no database is needed. */
export async function listBackups(dir: string): Promise<FoundBackup[]> {
  const names = await readdir(dir).catch(() => []);
  const found = await Promise.all(
    names.filter((name) => name.endsWith(backupEnding) && !name.startsWith('.')).map((name) => look(join(dir, name))),
  );
  return found.toSorted((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1));
}

async function look(file: string): Promise<FoundBackup> {
  const { size } = await stat(file);
  const manifest = await readManifest(file).catch(() => null);
  const text = await readFile(noteOf(file), 'utf8').catch(() => 'null');
  const parsed = note.safeParse(toJson(text));
  const isOfThis = parsed.success && parsed.data.id === manifest?.id && parsed.data.bytes === size;
  return { file, bytes: size, manifest, verifiedAt: isOfThis ? new Date(parsed.data.verifiedAt) : null };
}

function timeOf(backup: FoundBackup): string {
  return backup.manifest?.createdAt ?? '';
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
