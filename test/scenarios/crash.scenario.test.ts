import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient, furnish, untilWithin } from '../support/api-client.ts';
import { openDeployment, type Deployment } from '../support/deployment.ts';
import { removeVarDir } from '../support/remove-var-dir.ts';
import { runWharf, startWharf, type RunningWharf } from '../support/run-wharf.ts';
import { openSandbox } from '../support/story.ts';

const ordersTotal = 300;
const until = untilWithin(120_000);

type Audit = { isClean: boolean; lines: { name: string; differenceCount: number; pending: number }[] };

describe('kill -9 of the hub in the middle of 300 orders', () => {
  let varDir: string;
  let shop: Awaited<ReturnType<typeof openSandbox>>;
  let deployment: Deployment;
  let environment: Record<string, string>;
  let hub: RunningWharf;

  const start = async (): Promise<void> => {
    hub = await startWharf(environment, 60_000, ['--real']);
  };

  beforeAll(async () => {
    varDir = mkdtempSync(join(tmpdir(), 'wharf-crash-'));
    shop = await openSandbox({ seed: 3 });
    deployment = await openDeployment();
    environment = { ...deployment.environment, WHARF_VAR_DIR: varDir, WHARF_PRIVATE_ORIGINS: shop.origin };
    await start();
    await furnish(apiClient(hub.origin, hub.token), {
      channel: 'sandbox',
      settings: { baseUrl: shop.origin, apiKey: shop.sandbox.apiKey, webhookSecret: shop.sandbox.webhookSecret },
      skus: shop.sandbox.state.listings
        .filter((listing) => listing.tracksStock)
        .map(({ sku, title }) => ({ code: sku, title, units: [60, 30] })),
      warehouses: ['NORTH', 'SOUTH'],
      until,
    });
  });

  afterAll(async () => {
    await hub?.interrupt();
    await shop?.close();
    await deployment?.close();
    removeVarDir(varDir);
  });

  it('loses nothing, doubles nothing, and the audit is clean', { timeout: 300_000 }, async () => {
    await shipWhileSelling();
    const api = apiClient(hub.origin, hub.token);
    const orders = await until('every order', async () => {
      const found = await api.all<{ orderId: string; externalId: string; total: { minor: number } }>('/orders');
      return found.length >= ordersTotal ? found : null;
    });
    const sold = Object.values(shop.sandbox.state.orders);
    expect(orders.map((order) => order.externalId).toSorted()).toEqual(sold.map((order) => order.id).toSorted());
    const totals = new Map(orders.map((order) => [order.externalId, order.total.minor]));
    expect(sold.filter((order) => totals.get(order.id) !== order.totalMinor)).toEqual([]);
    await shipEverything();
    const report = await until('a settled audit', async () => {
      const audit = await api.get<Audit>('/audit/report');
      return audit.isClean && audit.lines.every((line) => line.pending === 0) ? audit : null;
    }).catch(async () => api.get<Audit>('/audit/report'));
    expect(report.lines.filter((line) => line.differenceCount > 0 || line.pending > 0)).toEqual([]);
    expectEachPackageOnce();
    await hub.interrupt();
    const { code } = await runWharf(['audit', '--settled'], environment);
    expect(code).toBe(0);
  });

  /** Sells steadily, ships what is planned, and kills the hub twice while both go on. */
  async function shipWhileSelling(): Promise<void> {
    const listings = shop.sandbox.state.listings.filter((listing) => listing.tracksStock);
    for (let number = 0; number < ordersTotal; number += 1) {
      const lines = [0, 7].map((step) => {
        const listing = listings[(number + step) % listings.length];
        return { listingId: listing?.id ?? '', quantity: 1 + (number % 2) };
      });
      shop.sandbox.placeOrder({
        lines,
        taxBasisPoints: 1900,
        pricesIncludeTax: true,
        shippingMinor: 495,
        oversell: true,
      });
      if (number % 20 === 10) await shipPlanned(5).catch(() => undefined);
      if (number === 100 || number === 220) {
        await hub.kill();
        await start();
      }
    }
  }

  async function shipPlanned(limit: number): Promise<number> {
    const api = apiClient(hub.origin, hub.token);
    const { items } = await api.get<{ items: { shipmentId: string; number: number }[] }>(
      `/shipments?state=planned&limit=${limit}`,
    );
    if (items.length === 0) return 0;
    await api.post('/shipments/ship-out', {
      shipments: items.map(({ shipmentId, number }) => ({
        shipmentId,
        carrier: 'DHL',
        trackingNumber: `T${number}`,
        trackingUrl: null,
        service: null,
      })),
    });
    return items.length;
  }

  async function shipEverything(): Promise<void> {
    await until('every planned parcel to leave', async () => ((await shipPlanned(100)) === 0 ? true : null));
  }

  /** The shop's own books: no tracking number stands twice on one order. */
  function expectEachPackageOnce(): void {
    for (const order of Object.values(shop.sandbox.state.orders)) {
      const numbers = order.fulfilments.map((fulfilment) => fulfilment.trackingNumber);
      expect(new Set(numbers).size).toBe(numbers.length);
      const shippedByLine = new Map<string, number>();
      for (const line of order.fulfilments.flatMap((fulfilment) => fulfilment.lines)) {
        shippedByLine.set(line.lineId, (shippedByLine.get(line.lineId) ?? 0) + line.quantity);
      }
      for (const line of order.lines) expect(shippedByLine.get(line.id) ?? 0).toBeLessThanOrEqual(line.quantity);
    }
  }
});
