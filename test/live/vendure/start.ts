import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { installFromNpm, type Installed } from '../storefront/install-from-npm.ts';
import { startServer, type RunningServer } from '../storefront/start-server.ts';
import { vendurePackages } from './install.ts';

export type RunningVendure = RunningServer & {
  readonly adminApiUrl: string;
  readonly shopApiUrl: string;
  readonly credentials: { readonly username: string; readonly password: string };
  readonly install: Installed;
};

/**
 * Installs and starts a real Vendure on 127.0.0.1:`port`. The database of `databaseUrl` is created when it is missing (the
 * role must be allowed to); `dir` takes what the server writes. Throws with the server's last words.
 */
export async function startVendure(options: {
  databaseUrl: string;
  port: number;
  dir: string;
}): Promise<RunningVendure> {
  const install = await installFromNpm(vendurePackages);
  await mkdir(options.dir, { recursive: true });
  const credentials = { username: 'superadmin', password: 'live-test-only' };
  const server = await startServer({
    name: 'Vendure',
    args: [fileURLToPath(new URL('server.cjs', import.meta.url))],
    cwd: install.dir,
    env: {
      HOME: options.dir,
      VENDURE_DISABLE_TELEMETRY: 'true',
      VENDURE_DATABASE_URL: options.databaseUrl,
      VENDURE_PORT: String(options.port),
      VENDURE_DIR: options.dir,
      VENDURE_USERNAME: credentials.username,
      VENDURE_PASSWORD: credentials.password,
    },
    readyText: 'vendure is ready',
  });
  const origin = `http://127.0.0.1:${options.port}`;
  return {
    ...server,
    adminApiUrl: `${origin}/admin-api`,
    shopApiUrl: `${origin}/shop-api`,
    credentials,
    install,
  };
}
