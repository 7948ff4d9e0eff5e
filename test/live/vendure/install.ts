import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * Exact versions of the day this was written (2026-11-21). The overrides are needed because @vendure/core 3.7.3 asks for
 * graphql-tools releases that registries may lag behind (`@graphql-tools/batch-execute@^10.3.2`: ETARGET).
 */
const manifest = {
  name: 'wharf-live-vendure',
  version: '1.0.0',
  private: true,
  dependencies: { '@vendure/core': '3.7.3', pg: '8.16.3' },
  overrides: {
    '@graphql-tools/stitch': '10.1.16',
    '@graphql-tools/delegate': '12.0.12',
    '@graphql-tools/wrap': '11.1.12',
    '@graphql-tools/batch-delegate': '10.0.18',
    '@graphql-tools/batch-execute': '10.0.7',
  },
};

const installTimeoutMs = 8 * 60_000;

export type VendureInstall = { readonly dir: string; readonly seconds: number; readonly fromCache: boolean };

/**
 * Installs Vendure from npm into a folder under the system's temporary one, named by the hash of what is asked for, so that
 * a second run finds it. Nothing is compiled: PostgreSQL needs no native driver. Throws with npm's last lines.
 */
export async function installVendure(): Promise<VendureInstall> {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const dir = join(tmpdir(), `wharf-vendure-${hash}`);
  if (await isOurs(join(dir, 'node_modules', '@vendure', 'core', 'package.json')))
    return { dir, seconds: 0, fromCache: true };
  const startedMs = Date.now();
  const building = `${dir}.building-${process.pid}`;
  await mkdir(building, { recursive: true });
  try {
    await writeFile(join(building, 'package.json'), text);
    await runNpmInstall(building);
    await rename(building, dir);
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    if (!(await isOurs(dir))) throw error;
  }
  return { dir, seconds: (Date.now() - startedMs) / 1000, fromCache: false };
}

/** Only what is ours counts: the temporary folder is everybody's, and what lies in it is run. */
async function isOurs(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.uid === userInfo().uid,
    () => false,
  );
}

function runNpmInstall(cwd: string): Promise<void> {
  const args = ['install', '--omit=dev', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: installTimeoutMs });
    let tail = '';
    const keep = (chunk: Buffer): void => {
      tail = (tail + chunk.toString()).slice(-2000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm install of Vendure ended with ${code}: ${tail}`));
    });
  });
}
