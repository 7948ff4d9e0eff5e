import { execFile } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { notice } from './notice.ts';

const run = promisify(execFile);

/** Whether a small disk of our own can be had here; says so where it cannot. */
export async function canMountDisk(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'wharf-chaos-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    await run('umount', [folder]);
    return true;
  } catch {
    notice('a full disk needs root, to mount a tmpfs');
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const chunkBytes = 1024 * 1024;

/** Fills the disk that `folder` stands on to its last page; what it gives back frees it. For a small disk of our own only. */
export async function fillDisk(folder: string): Promise<() => void> {
  const file = join(folder, 'ballast');
  const descriptor = openSync(file, 'w');
  try {
    for (let size = chunkBytes; size >= 4_096;) {
      try {
        writeSync(descriptor, Buffer.alloc(size));
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
        size /= 2;
      }
    }
  } finally {
    closeSync(descriptor);
  }
  if (statfsSync(folder).bavail > 1) throw new Error('the disk is not full');
  return () => rmSync(file, { force: true });
}
