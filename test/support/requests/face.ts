import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { loadEnv } from '../../../config/env.ts';
import type { ShopDeps } from '../../../src/channels/index.ts';
import { newId } from '../../../src/kernel/index.ts';
import { buildApp } from '../../../src/main/app.ts';
import type { Hub } from '../../../src/main/hub.ts';
import type { AppEnv } from '../../../src/platform/http/index.ts';
import { createMetrics } from '../../../src/platform/metrics/index.ts';

const refuse = (): Promise<never> => Promise.reject(new Error('no worker in this test'));

/** The bearer token that `openFace` knows to hold exactly these scopes. */
export const tokenOf = (...scopes: readonly string[]): string => `test-${scopes.join('+')}`;

/** The whole face of the hub on the database of `deps`, without a queue; `tokenOf` signs in. */
export function openFace(deps: ShopDeps, databaseUrl: string): OpenAPIHono<AppEnv> {
  const hub: Omit<Hub, 'queue'> & { queue: Pick<Hub['queue'], 'countWaiting'> } = {
    deps,
    databaseUrl,
    env: loadEnv({ WHARF_VAR_DIR: mkdtempSync(join(tmpdir(), 'wharf-face-')) }),
    queue: { countWaiting: () => Promise.resolve(0) },
    metrics: createMetrics({ processMetrics: false }),
    scrape: { token: null, isPublic: true },
    work: refuse,
    close: () => Promise.resolve(),
  };
  const id = newId<'api_token'>();
  return buildApp(hub as Hub, {
    authenticate: (text) =>
      Promise.resolve(
        text.startsWith('test-')
          ? { kind: 'token', id, name: 'test', scopes: text.slice('test-'.length).split('+').filter(Boolean) }
          : null,
      ),
    close: () => Promise.resolve(),
  });
}
