import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import { loadEnv } from '../../config/env.ts';
import { createSandbox, serveSandbox, type Sandbox, type SandboxOptions } from '../../connectors/sandbox/fake/index.ts';
import { createProducts } from '../../src/catalog/index.ts';
import {
  acceptProposals,
  changeShop,
  checkConnection,
  connectShop,
  getShop,
  mapLocations,
  storeListings,
  storeLocations,
  type ConnectorRegistry,
} from '../../src/channels/index.ts';
import type { ShopId, SkuId, WarehouseId } from '../../src/kernel/index.ts';
import { auditReport } from '../../src/main/audit-report.ts';
import { listingsOf } from '../../src/main/demo/listings-of.ts';
import { openHub, type Hub } from '../../src/main/hub.ts';
import { serveHub, type Served } from '../../src/main/serve.ts';
import type { Ctx } from '../../src/platform/db/index.ts';
import type { Worker } from '../../src/platform/queue/index.ts';
import { createWarehouse, receiveStock, serveShop } from '../../src/stock/index.ts';
import { createTestDatabase, systemActor, type TestDatabase } from './database.ts';
import { quietLog } from './quiet-log.ts';

/** A hub with a worker on a database of its own, answering on loopback: what a story is told with. */
export type Story = {
  readonly hub: Hub;
  readonly database: TestDatabase;
  readonly served: Served;
  readonly worker: Worker;
  run<Result>(work: (ctx: Ctx) => Promise<Result>): Promise<Result>;
  /** Sweeps until nothing is due and nothing is on its way, then checks every invariant. Fails after `deadlineMs`. */
  settle(deadlineMs?: number): Promise<void>;
  close(): Promise<void>;
};

export async function openStory(
  options: { privateOrigins?: readonly string[]; connectors?: ConnectorRegistry } = {},
): Promise<Story> {
  const database = await createTestDatabase();
  const varDir = mkdtempSync(join(tmpdir(), 'wharf-story-'));
  const env = loadEnv({
    WHARF_VAR_DIR: varDir,
    WHARF_MASTER_KEY: randomBytes(32).toString('base64'),
    WHARF_PRIVATE_ORIGINS: (options.privateOrigins ?? []).join(','),
    REDIS_URL: inject('servers').redisUrl ?? '',
  });
  const hub = await openHub({
    env,
    log: quietLog,
    databaseUrl: database.url,
    readUrl: database.readUrl,
    ...(options.connectors && { connectors: options.connectors }),
  });
  const served = await serveHub(hub, { host: '127.0.0.1', port: 0 });
  const worker = await hub.work({ sweepIntervalMs: 200, publicOrigin: served.origin });
  return {
    hub,
    database,
    served,
    worker,
    run: (work) => hub.deps.database.transact({ actor: systemActor }, work),
    settle: (deadlineMs = 60_000) => settle(hub, worker, deadlineMs),
    async close() {
      await served.close();
      await hub.close();
      await database.close();
      rmSync(varDir, { recursive: true, force: true });
    },
  };
}

/** Waits as the audit sees it: every line without a difference and without anything on its way. */
async function settle(hub: Hub, worker: Worker, deadlineMs: number): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    await worker.sweep();
    const report = await auditReport(hub.deps.database, { settled: true });
    if (report.isClean) return;
    const loud = report.lines.filter((line) => line.differenceCount > 0 || line.pending > 0);
    if (Date.now() > deadline) expect(loud).toEqual([]);
    await hub.deps.clock.sleep(100);
  }
}

/** Waits until `look` gives something, sweeping meanwhile; fails with `what` after the deadline. */
export async function waitFor<Result>(
  story: Story,
  what: string,
  look: () => Promise<Result | null | undefined | false>,
  deadlineMs = 30_000,
): Promise<Result> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${deadlineMs} ms for ${what}`);
    await story.worker.sweep();
    await story.hub.deps.clock.sleep(50);
  }
}

export type SandboxShop = {
  readonly shopId: ShopId;
  readonly sandbox: Sandbox;
  readonly origin: string;
  readonly warehouses: readonly WarehouseId[];
  readonly skus: ReadonlyMap<string, SkuId>;
  close(): Promise<void>;
};

/**
 * Connects a sandbox shop to a story: served on loopback, its catalogue created but for `unmapped`, two warehouses (made
 * here, or `warehouses` of an earlier shop) with `units` of each SKU, stock pushing on.
 */
export async function connectSandbox(
  story: Story,
  served: { sandbox: Sandbox; origin: string; close(): Promise<void> },
  options: { units?: readonly [number, number]; unmapped?: readonly string[] } = {},
): Promise<SandboxShop> {
  const { deps } = story.hub;
  const { sandbox, origin } = served;
  const settings = { baseUrl: origin, apiKey: sandbox.apiKey, webhookSecret: sandbox.webhookSecret };
  const report = await checkConnection(deps, { channel: 'sandbox', settings });
  const listings = listingsOf(sandbox);
  const made = await story.run(async (ctx) => {
    const products = await createProducts(
      ctx,
      listings
        .filter((each) => each.tracksStock && !(options.unmapped ?? []).includes(each.sku))
        .map((each) => ({
          title: each.title,
          skus: [{ code: each.sku, title: each.title, weightG: null, barcodes: [] }],
        })),
    );
    const skus = new Map(products.flatMap((product) => product.skus.map(({ code, skuId }) => [code, skuId] as const)));
    const warehouses: WarehouseId[] = [];
    for (const [index, quantity] of (options.units ?? [50, 20]).entries()) {
      const code = `W${index + 1}`;
      const { warehouseId } = await createWarehouse(ctx, {
        code,
        name: code,
        countryCode: 'DE',
        timeZone: 'Europe/Berlin',
      });
      warehouses.push(warehouseId);
      if (quantity === 0) continue;
      await receiveStock(
        ctx,
        [...skus.values()].map((skuId) => ({
          skuId,
          warehouseId,
          quantity,
          unitCost: null,
          costCurrency: null,
          lotId: null,
          note: null,
        })),
      );
    }
    const { shopId } = await connectShop(ctx, deps, {
      channel: 'sandbox',
      name: report.shopName,
      settings,
      claimsAt: 'placed',
      ordersSince: new Date(Date.now() - 86_400_000),
      pushesStock: false,
      report,
    });
    await serveShop(ctx, { shopId, warehouses: warehouses.map((warehouseId, rank) => ({ warehouseId, rank })) });
    await storeListings(ctx, shopId, listings);
    await acceptProposals(ctx, { shopId, listingIds: 'all' });
    await storeLocations(
      ctx,
      shopId,
      sandbox.state.locations.map(({ id, name }) => ({ externalId: id, name })),
    );
    await mapLocations(
      ctx,
      shopId,
      sandbox.state.locations.flatMap(({ id }, rank) => {
        const warehouseId = warehouses[rank];
        return warehouseId === undefined ? [] : [{ externalId: id, warehouseId, rank }];
      }),
    );
    return { shopId, warehouses, skus };
  });
  const { version } = await deps.database.read((db) => getShop(db, made.shopId));
  await story.run((ctx) => changeShop(ctx, deps, { shopId: made.shopId, version, pushesStock: true }));
  return { ...made, ...served };
}

export async function openSandbox(
  options: SandboxOptions = {},
): Promise<{ sandbox: Sandbox; origin: string; close(): Promise<void> }> {
  const sandbox = createSandbox({ rateLimit: { burst: 100_000, perSecond: 100_000 }, ...options });
  const served = await serveSandbox({ sandbox });
  return { sandbox, origin: served.origin, close: served.close };
}
