import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const isRoot = process.getuid?.() === 0;

/** Says why a part does not run here: never in silence. */
export function notice(text: string): void {
  console.warn(`skipped: ${text}`);
}

/** The library that shifts a program's clock, installed where we are root and it is missing; null where it cannot be had. */
export async function findFaketime(): Promise<string | null> {
  const find = async (): Promise<string | null> => {
    const multiarch = await run('dpkg-architecture', ['-qDEB_HOST_MULTIARCH']).then(
      ({ stdout }) => stdout.trim(),
      () => (process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'),
    );
    const library = `/usr/lib/${multiarch}/faketime/libfaketimeMT.so.1`;
    return existsSync(library) ? library : null;
  };
  const found = await find();
  if (found !== null || !isRoot) return found;
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = (words: readonly string[]): Promise<unknown> => run('apt-get', [...words], { env: environment });
  await install(['update', '-q'])
    .then(() => install(['install', '-q', '-y', '--no-install-recommends', 'faketime']))
    .catch(() => undefined);
  return find();
}
