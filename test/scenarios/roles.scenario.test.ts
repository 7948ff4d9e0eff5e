import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { apiClient, untilWithin, type ApiClient } from '../support/api-client.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { queueEnvironment } from '../support/deployment.ts';
import { freePort } from '../support/free-port.ts';
import { furnishSandbox } from '../support/furnish-sandbox.ts';
import { runWharf, startRole, type RunningRole } from '../support/run-wharf.ts';
import { openSandbox } from '../support/story.ts';

const until = untilWithin(60_000);
const metricsToken = randomBytes(16).toString('hex');
const varDir = mkdtempSync(join(tmpdir(), 'wharf-roles-'));
let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
let shop: Awaited<ReturnType<typeof openSandbox>>;
let environment: Record<string, string>;
let server: RunningRole;
let workers: RunningRole[] = [];
let api: ApiClient;

beforeAll(async () => {
  database = await createEmptyDatabase();
  shop = await openSandbox({ seed: 8 });
  const port = String(await freePort());
  environment = {
    ...queueEnvironment(),
    DATABASE_URL: database.url,
    PORT: port,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    WHARF_DEMO: '0',
    WHARF_METRICS_TOKEN: metricsToken,
    WHARF_VAR_DIR: varDir,
    WHARF_MASTER_KEY: randomBytes(32).toString('base64'),
    WHARF_PRIVATE_ORIGINS: shop.origin,
  };
});

afterAll(async () => {
  await Promise.all([server, ...workers].map((role) => role?.end('SIGKILL')));
  await shop?.close();
  await database?.drop();
  rmSync(varDir, { recursive: true, force: true });
});

describe('the roles of a deployment on one database', () => {
  it('a server and a worker refuse a database that is not migrated', async () => {
    for (const role of ['server', 'worker']) {
      const { code, stderr } = await runWharf([role], environment);
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/migrat/);
    }
  });

  it('migrate brings it up to date, and finds nothing to do the second time', async () => {
    const first = await runWharf(['migrate'], environment);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/0000_/);
    const second = await runWharf(['migrate'], environment);
    expect(second.stdout).toMatch(/nothing to do/);
  });

  it('one server and two workers start beside each other', async () => {
    server = await startRole(['server'], environment, /Serving on (http\S+)/);
    expect(server.ready).toBe(environment['PUBLIC_URL']);
    workers = await Promise.all([1, 2].map(() => startRole(['worker'], environment, /Working/)));
  });

  it('the server says that it lives, that it is ready, and what it counts', async () => {
    const answers = await Promise.all(
      ['/livez', '/readyz', '/metrics'].map((path) =>
        fetch(`${server.ready}${path}`, { headers: { authorization: `Bearer ${metricsToken}` } }),
      ),
    );
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    const [, ready, metrics] = await Promise.all(answers.map((answer) => answer.text()));
    expect(JSON.parse(ready ?? '')).toMatchObject({ status: 'ok' });
    expect(metrics).toMatch(/^# TYPE wharf_/m);
  });

  it('an order goes from the shop through the server and a worker into a parcel and back to the shop', async () => {
    const { stdout } = await runWharf(['token', 'create', '--name', 'story', '--scope', '*', '--json'], environment);
    const { token } = z.object({ token: z.string() }).parse(JSON.parse(stdout));
    api = apiClient(server.ready, token);
    await furnishSandbox(api, shop, [20, 10], until);
    await until('the webhook to be registered', () => Promise.resolve(shop.sandbox.state.webhookUrls[0] ?? null));
    const [listing] = shop.sandbox.state.listings.filter((each) => each.tracksStock);
    await until('the shop to show our stock', () =>
      Promise.resolve(shop.sandbox.saleable(listing?.id ?? '') === 30 ? true : null),
    );
    const order = shop.sandbox.placeOrder({ lines: [{ listingId: listing?.id ?? '', quantity: 3 }] });
    await shop.sandbox.webhooks.settled();
    const parcel = await until('a parcel', async () => {
      const { items } = await api.get<{ items: { shipmentId: string }[] }>('/shipments?state=planned');
      return items[0] ?? null;
    });
    const inbox = await api.all<{ source: string; externalId: string | null }>('/inbox');
    expect(inbox.filter((event) => event.externalId === order.id).map((event) => event.source)).toContain('webhook');
    await api.post('/shipments/ship-out', {
      shipments: [
        {
          shipmentId: parcel.shipmentId,
          carrier: 'DHL',
          trackingNumber: 'R-1',
          trackingUrl: null,
          service: null,
        },
      ],
    });
    const shown = await until('the shop to show the parcel', () =>
      Promise.resolve(shop.sandbox.order(order.id).fulfilments[0] ?? null),
    );
    expect(shown).toMatchObject({ trackingNumber: 'R-1' });
    await until('a settled audit', async () => {
      const report = await api.get<{ isClean: boolean; lines: { pending: number }[] }>('/audit/report');
      return report.isClean && report.lines.every((line) => line.pending === 0) ? report : null;
    });
  });

  it('work goes on when one of the two workers is killed', async () => {
    const [first] = workers;
    await first?.end('SIGKILL');
    workers = workers.slice(1);
    const [listing] = shop.sandbox.state.listings.filter((each) => each.tracksStock);
    shop.sandbox.placeOrder({ lines: [{ listingId: listing?.id ?? '', quantity: 1 }] });
    await until('the second order in a parcel', async () => {
      const { items } = await api.get<{ items: unknown[] }>('/shipments?state=planned');
      return items.length > 0 ? items : null;
    });
  });

  it('each ends with code 0 on SIGTERM', async () => {
    const ended = await Promise.all([server, ...workers].map((role) => role.end('SIGTERM')));
    expect(ended).toEqual([0, 0]);
  });
});
