import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Writes a small project into a folder of its own, runs `work` on it, and takes it away again. */
export function withPlants<Result>(files: Readonly<Record<string, string>>, work: (root: string) => Result): Result {
  const root = mkdtempSync(path.join(tmpdir(), 'wharf-plant-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    }
    return work(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
