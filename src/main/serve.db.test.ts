import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { loadEnv } from '../../config/env.ts';
import { useDatabase } from '../../test/support/database.ts';
import { queueEnvironment } from '../../test/support/deployment.ts';
import { quietLog } from '../../test/support/quiet-log.ts';
import type { Database } from '../platform/db/index.ts';
import { openHub, type Hub } from './hub.ts';
import { serveHealth, type Served } from './serve.ts';

const database = useDatabase();
const varDir = mkdtempSync(join(tmpdir(), 'wharf-health-'));
const open: { hub: Hub; served: Served }[] = [];

afterEach(async () => {
  for (const { hub, served } of open.splice(0)) {
    await served.close();
    await hub.close();
  }
});
afterAll(() => rmSync(varDir, { recursive: true, force: true }));

/** What `wharf worker` puts at WHARF_METRICS_PORT, on a port that is free. */
async function serveWorker(settings: Readonly<Record<string, string>> = {}, away: Partial<Database> = {}) {
  const env = loadEnv({ WHARF_VAR_DIR: varDir, DATABASE_URL: database.url, ...queueEnvironment(), ...settings });
  const hub = await openHub({ env, log: quietLog, databaseUrl: database.url, readUrl: database.readUrl });
  const deps = { ...hub.deps, database: { ...hub.deps.database, ...away } };
  const served = await serveHealth({ ...hub, deps }, { host: '127.0.0.1', port: 0 });
  open.push({ hub, served });
  const ask = (path: string, headers: Record<string, string> = {}) => fetch(`${served.origin}${path}`, { headers });
  return { ask };
}

test('a worker says that it lives, that it is ready, and what it measures; and nothing else', async () => {
  const { ask } = await serveWorker();
  expect(await (await ask('/livez')).json()).toEqual({ status: 'ok' });
  const ready = await ask('/readyz');
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ status: 'ok', checks: { database: 'ok', queue: 'ok' } });
  const metrics = await ask('/metrics');
  expect(metrics.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(await metrics.text()).toMatch(/^wharf_build_info\{version=".+"\} 1$/m);
  const others = await Promise.all(['/api/v1/orders', '/openapi.json', '/docs', '/'].map((path) => ask(path)));
  expect(others.map(({ status }) => status)).toEqual([401, 404, 404, 404]);
});

test('what it measures needs the token where there is one', async () => {
  const { ask } = await serveWorker({ WHARF_METRICS_TOKEN: 'scrape-me-0123456789' });
  expect((await ask('/metrics')).status).toBe(401);
  expect((await ask('/metrics', { authorization: 'Bearer scrape-me-0123456789' })).status).toBe(200);
  expect((await ask('/readyz')).status).toBe(200);
});

test('a worker whose database is gone lives, and is not ready', async () => {
  const refuse = () => Promise.reject(new Error('away'));
  const { ask } = await serveWorker({}, { read: refuse, transact: refuse, snapshot: refuse });
  const ready = await ask('/readyz');
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ status: 'failed', checks: { database: 'failed' } });
  expect((await ask('/livez')).status).toBe(200);
});
