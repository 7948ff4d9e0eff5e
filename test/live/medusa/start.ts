import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installFromNpm, type Installed } from '../storefront/install-from-npm.ts';
import { runToEnd, startServer, type RunningServer, type ServerCommand } from '../storefront/start-server.ts';
import { medusaPackages } from './install.ts';
import { makeDatabase } from './make-database.ts';

export type RunningMedusa = RunningServer & {
  readonly origin: string;
  readonly install: Installed;
  readonly merchant: { readonly email: string; readonly password: string };
};

const merchant = { email: 'merchant@example.com', password: 'live-test-only' };
const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Installs and starts a real Medusa on 127.0.0.1:`port`, with an empty database on the cluster of `adminUrl`. */
export async function startMedusa(options: { adminUrl: string; port: number; dir: string }): Promise<RunningMedusa> {
  const install = await installFromNpm(medusaPackages);
  await layOut(options.dir, install.dir);
  const command = (databaseUrl: string, ...args: string[]): ServerCommand => ({
    name: `medusa ${args[0] ?? ''}`,
    args: [beside('medusa.cjs'), ...args],
    cwd: options.dir,
    env: {
      HOME: options.dir,
      NODE_ENV: 'production',
      MEDUSA_DISABLE_TELEMETRY: 'true',
      DO_NOT_TRACK: '1',
      DATABASE_URL: databaseUrl,
    },
  });
  const databaseUrl = await makeDatabase(options.adminUrl, async (url) => {
    await runToEnd(command(url, 'db:migrate', '--skip-scripts'));
    await runToEnd(command(url, 'user', '-e', merchant.email, '-p', merchant.password));
  });
  const server = await startServer({
    ...command(databaseUrl, 'start', '--host', '127.0.0.1', '--port', String(options.port)),
    readyText: 'Server is ready on port',
  });
  return { ...server, origin: `http://127.0.0.1:${options.port}`, install, merchant };
}

/** A project folder as Medusa wants one: its config and its packages, which are linked. */
async function layOut(dir: string, installDir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await copyFile(join(installDir, 'package.json'), join(dir, 'package.json'));
  await copyFile(beside('medusa-config.cjs'), join(dir, 'medusa-config.js'));
  await symlink(join(installDir, 'node_modules'), join(dir, 'node_modules'));
}
