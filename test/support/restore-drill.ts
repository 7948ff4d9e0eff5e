import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureDatabase, findClusterFolder } from '../../src/platform/db/index.ts';
import { apiClient, untilWithin, type ApiClient } from './api-client.ts';
import { administer } from './database.ts';
import { queueEnvironment } from './deployment.ts';
import { furnishSandbox } from './furnish-sandbox.ts';
import { quietLog } from './quiet-log.ts';
import { removeVarDir } from './remove-var-dir.ts';
import { runWharf, startWharf, type RunningWharf } from './run-wharf.ts';
import { openSandbox } from './story.ts';

const until = untilWithin(120_000);

/** The server of the drill as its administrator; null: each place has an embedded PostgreSQL of its own. */
export type DrillServer = string | null;

type Audit = { isClean: boolean; lines: { name: string; differenceCount: number; pending: number }[] };
type Checklist = {
  phase: string;
  writes: { writes: number; readBack: number };
  refetched: { orders: number; shippedElsewhere: number };
};
type Order = { orderId: string; externalId: string; total: { currency: string } };

/** A hub is backed up at work, lives on, dies, and is restored elsewhere; nothing is sent twice, nothing is lost. */
export function restoreDrill(server: DrillServer): void {
  const folder = mkdtempSync(join(tmpdir(), 'wharf-drill-'));
  const places = ['before', 'after'].map((name) => join(folder, name));
  const databases = places.map(() => `wharf_drill_${randomBytes(4).toString('hex')}`);
  let shop: Awaited<ReturnType<typeof openSandbox>>;
  let hub: RunningWharf;

  const environment = (place: number): Record<string, string> => ({
    WHARF_MASTER_KEY: masterKey,
    WHARF_PRIVATE_ORIGINS: shop.origin,
    WHARF_BACKUP_DIR: join(folder, 'backups'),
    WHARF_VAR_DIR: places[place] ?? '',
    ...(server === null ? {} : { ...queueEnvironment(), DATABASE_URL: databaseUrl(place), WHARF_DEMO: '0' }),
  });
  const api = (): ApiClient => apiClient(hub.origin, hub.token);
  const start = async (place: number): Promise<void> => {
    hub = await startWharf(environment(place), 150_000, server === null && place === 0 ? ['--real'] : []);
  };

  beforeAll(async () => {
    for (const place of places) mkdirSync(place);
    if (server !== null) await ensureDatabase(server, databases[0] ?? '');
    shop = await openSandbox({ seed: 5 });
    await start(0);
    await furnishSandbox(api(), shop, [60, 30], until);
  });

  afterAll(async () => {
    await hub?.interrupt();
    await shop?.close();
    if (server !== null) {
      for (const name of databases) await administer(server, `drop database if exists ${name} with (force)`);
    }
    for (const place of server === null ? places : []) {
      const cluster = await findClusterFolder({ dir: join(place, 'postgres'), log: quietLog });
      await cluster.stopLeftOver();
      removeVarDir(place);
    }
    removeVarDir(folder);
  });

  it('sends nothing twice, loses no order of the shop, and its audit is clean', { timeout: 400_000 }, async () => {
    const [refundedBefore, refundedAfter] = [sell(16), sell(6)].map(([first]) => first ?? '');
    await everyOrderIsKnown();
    await shipPlanned(4);
    await everyParcelIsShown();

    // What is due now lies in the backup as due or unknown, and is sent in the future that is lost.
    shop.sandbox.setFaults({ latencyMs: 250, loseAnswers: 2 });
    await shipPlanned(10);
    await refund(refundedBefore ?? '');
    const working = keepWorking();
    const backup = await command(['backup', '--json'], 0).finally(working.end);
    const { file } = JSON.parse(backup) as { file: string };

    shop.sandbox.setFaults({ latencyMs: 0, loseAnswers: 0 });
    const lost = sell(6);
    await everyOrderIsKnown();
    await shipPlanned(6);
    await refund(refundedAfter ?? '');
    await everyParcelIsShown();
    await until('both refunds', async () => (refundsOf([refundedBefore, refundedAfter]).length >= 2 ? true : null));
    await hub.kill();

    const into = server === null ? places[1] : databases[1];
    const restored = await command(['restore', file, '--json', '--into', into ?? ''], server === null ? 1 : 0);
    expect(JSON.parse(restored)).toMatchObject({ epoch: 1, putAside: null });
    sell(2);
    const written = writesOfHub();
    await start(1);
    expect(hub.output()).toContain('waits to be confirmed');
    expect(await readyz()).toMatchObject({ status: 'ok', notes: { recovery: expect.any(String) as string } });
    await command(['recovery', 'read'], 1);
    const checklist = await until('the shop to be read', async () => {
      const { pending } = await api().get<{ pending: Checklist | null }>('/recovery');
      return pending?.phase === 'read' ? pending : null;
    });
    expect(checklist.writes.writes).toBeGreaterThan(0);
    expect(checklist.writes.readBack).toBe(checklist.writes.writes);
    expect(checklist.refetched.orders).toBeGreaterThanOrEqual(lost.length);
    expect(checklist.refetched.shippedElsewhere).toBeGreaterThan(0);
    expect(writesOfHub()).toEqual(written);

    await command(['recovery', 'confirm'], 1);
    await everyOrderIsKnown();
    const report = await until('a settled audit', async () => {
      // An order that was just taken in may not have its parcel yet.
      if ((await shipPlanned(100)) > 0 || !everyUnitLeft()) return null;
      const audit = await api().get<Audit>('/audit/report');
      return audit.isClean && audit.lines.every((line) => line.pending === 0) ? audit : null;
    }).catch(() => api().get<Audit>('/audit/report'));
    expect(report.lines.filter((line) => line.differenceCount > 0 || line.pending > 0)).toEqual([]);
    expectEachParcelOnce();
    expect(refundsOf([refundedBefore, refundedAfter]).map(({ amountMinor }) => amountMinor)).toEqual([150, 150]);
    expect(await readyz()).not.toHaveProperty('notes');
  });

  const masterKey = randomBytes(32).toString('base64');

  /** What a command printed; one that failed fails the test with its words. */
  async function command(words: readonly string[], place: number): Promise<string> {
    const { code, stdout, stderr } = await runWharf(words, environment(place));
    expect({ words, code, said: code === 0 ? '' : stderr }).toEqual({ words, code: 0, said: '' });
    return stdout;
  }

  function databaseUrl(place: number): string {
    const url = new URL(server ?? '');
    url.pathname = `/${databases[place]}`;
    return url.href;
  }

  async function readyz(): Promise<unknown> {
    return (await fetch(`${hub.origin}/readyz`)).json();
  }

  function sell(count: number): string[] {
    const listings = shop.sandbox.state.listings.filter((listing) => listing.tracksStock);
    return Array.from({ length: count }, (_, number) => {
      const placed = Object.keys(shop.sandbox.state.orders).length;
      const lines = [0, 4].map((step) => ({
        listingId: listings[(placed + step) % listings.length]?.id ?? '',
        quantity: 1 + (number % 2),
      }));
      return shop.sandbox.placeOrder({ lines, shippingMinor: 390, oversell: true }).id;
    });
  }

  /** Orders come and parcels leave while the backup is written. */
  function keepWorking(): { end(): Promise<void> } {
    let goesOn = true;
    const work = (async () => {
      while (goesOn) {
        sell(1);
        await shipPlanned(1);
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    })();
    return {
      async end() {
        goesOn = false;
        await work;
      },
    };
  }

  async function everyOrderIsKnown(): Promise<Order[]> {
    return until('every order of the shop, once', async () => {
      const known = await api().all<Order>('/orders');
      const sold = Object.keys(shop.sandbox.state.orders).toSorted();
      return JSON.stringify(known.map(({ externalId }) => externalId).toSorted()) === JSON.stringify(sold)
        ? known
        : null;
    });
  }

  async function shipPlanned(limit: number): Promise<number> {
    const { items } = await api().get<{ items: { shipmentId: string; number: number }[] }>(
      `/shipments?state=planned&limit=${limit}`,
    );
    if (items.length === 0) return 0;
    const shipments = items.map(({ shipmentId }) => ({
      shipmentId,
      carrier: 'DHL',
      trackingNumber: `T${randomBytes(6).toString('hex')}`,
      trackingUrl: null,
      service: null,
    }));
    await api().post('/shipments/ship-out', { shipments });
    return items.length;
  }

  async function refund(externalId: string): Promise<void> {
    const order = (await api().all<Order>('/orders')).find((each) => each.externalId === externalId);
    const asked = { amount: { minor: 150, currency: order?.total.currency }, reason: 'goodwill', lines: [] };
    await api().post(`/orders/${order?.orderId}/refunds`, asked);
  }

  /** All that left is on the channel, as the hub knows it. */
  async function everyParcelIsShown(): Promise<void> {
    await until('every parcel to be shown', async () => {
      const audit = await api().get<Audit>('/audit/report');
      const packages = audit.lines.find(({ name }) => name === 'packages.once_on_the_channel');
      return packages?.pending === 0 && packages.differenceCount === 0 ? true : null;
    });
  }

  function refundsOf(orderIds: readonly (string | undefined)[]): { amountMinor: number }[] {
    return orderIds.flatMap((id) => shop.sandbox.order(id ?? '').refunds);
  }

  /** The shop's own journal: what the hub wrote there. */
  function writesOfHub(): string[] {
    return shop.sandbox
      .journal()
      .filter(({ by }) => by === 'hub')
      .map(({ seq, kind, subject }) => `${seq} ${kind} ${subject}`);
  }

  function everyUnitLeft(): boolean {
    const units = (lines: readonly { readonly quantity: number }[]): number =>
      lines.reduce((sum, { quantity }) => sum + quantity, 0);
    return Object.values(shop.sandbox.state.orders).every(
      (order) => units(order.fulfilments.flatMap(({ lines }) => lines)) >= units(order.lines),
    );
  }

  /** The shop's own books: every unit of every order left once, each parcel under a number of its own. */
  function expectEachParcelOnce(): void {
    for (const order of Object.values(shop.sandbox.state.orders)) {
      const numbers = order.fulfilments.map((fulfilment) => fulfilment.trackingNumber);
      expect(new Set(numbers).size).toBe(numbers.length);
      const references = order.fulfilments.map((fulfilment) => fulfilment.reference);
      expect(new Set(references).size).toBe(references.length);
      for (const line of order.lines) {
        const shown = order.fulfilments.flatMap(({ lines }) => lines).filter(({ lineId }) => lineId === line.id);
        expect(shown.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(line.quantity);
      }
    }
  }
}
