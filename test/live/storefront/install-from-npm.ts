import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const installTimeoutMs = 8 * 60_000;

export type Installed = { readonly dir: string; readonly seconds: number; readonly fromCache: boolean };

/** A storefront server as npm packages of exact versions. `name` is its folder's; `proof` a file of it that must be there. */
export type StorefrontPackages = {
  readonly name: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly proof: string;
};

/**
 * Installs a storefront from npm into a folder under the system's temporary one, named by the hash of what is asked for, so
 * that a second run finds it. Throws with npm's last lines.
 */
export async function installFromNpm({ name, manifest, proof }: StorefrontPackages): Promise<Installed> {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const dir = join(tmpdir(), `wharf-${name}-${hash}`);
  if (await isOurs(join(dir, proof))) return { dir, seconds: 0, fromCache: true };
  const startedMs = Date.now();
  const building = `${dir}.building-${process.pid}`;
  await mkdir(building, { recursive: true });
  try {
    await writeFile(join(building, 'package.json'), text);
    await runNpmInstall(name, building);
    await rename(building, dir);
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    if (!(await isOurs(dir))) throw error;
  }
  return { dir, seconds: (Date.now() - startedMs) / 1000, fromCache: false };
}

/**
 * Why a storefront cannot be had here, or null when it is installed. Without a network this is a notice for people and a
 * failure in CI, where a skipped live test would look like a passed one.
 */
export async function whyNotInstallable(packages: StorefrontPackages): Promise<string | null> {
  try {
    await installFromNpm(packages);
    return null;
  } catch (error) {
    if (process.env['CI']) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `NOTICE: live tests against ${packages.name} are skipped, it cannot be installed: ${reason}\n`,
    );
    return reason;
  }
}

/** Only what is ours counts: the temporary folder is everybody's, and what lies in it is run. */
async function isOurs(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.uid === userInfo().uid,
    () => false,
  );
}

function runNpmInstall(name: string, cwd: string): Promise<void> {
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
      else reject(new Error(`npm install of ${name} ended with ${code}: ${tail}`));
    });
  });
}
