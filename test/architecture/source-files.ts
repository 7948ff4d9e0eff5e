import { readdirSync } from 'node:fs';
import path from 'node:path';

export const projectRoot = path.resolve(import.meta.dirname, '../..');

export const codeFolders = ['src', 'connectors', 'config', 'test'];

/** All files below `folders` of `root` that end in one of `endings`, as sorted paths with `/` from `root`. */
export function listFiles(root: string, folders: readonly string[], endings: readonly string[]): string[] {
  const found: string[] = [];
  for (const folder of folders) {
    for (const entry of readFolder(path.join(root, folder))) {
      const file = path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
      if (entry.isFile() && endings.some((ending) => file.endsWith(ending)) && !file.includes('node_modules/')) {
        found.push(file);
      }
    }
  }
  return found.sort();
}

function readFolder(folder: string): ReturnType<typeof readEntries> {
  try {
    return readEntries(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function readEntries(folder: string): { parentPath: string; name: string; isFile(): boolean }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true });
}

export function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file);
}
