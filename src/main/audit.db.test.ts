import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type SQL } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShopOrder } from '../../connectors/sandbox/fake/index.ts';
import { plants, theOrder } from '../../test/support/factories/audit-plants.ts';
import { runWharf } from '../../test/support/run-wharf.ts';
import {
  connectSandbox,
  openSandbox,
  openStory,
  waitFor,
  type SandboxShop,
  type Story,
} from '../../test/support/story.ts';
import { listShipments, shipOut, type ShipmentItem } from '../fulfilment/index.ts';
import { changeSeller, listInvoicesOfOrder, requestInvoice } from '../invoicing/index.ts';
import type { OrderId } from '../kernel/index.ts';
import { findOrder } from '../orders/index.ts';
import { firstRow, rows, type Ctx } from '../platform/db/index.ts';
import { askReturnRefund, decideReturn, getReturn, listReturns } from '../returns/index.ts';
import { auditReport, type AuditReport } from './audit-report.ts';
import { checks } from './checks.ts';

let story: Story;
let shop: SandboxShop;
const varDir = mkdtempSync(join(tmpdir(), 'wharf-audit-'));

beforeAll(async () => {
  const served = await openSandbox({ seed: 4 });
  story = await openStory({ privateOrigins: [served.origin] });
  shop = await connectSandbox(story, served, { units: [20, 10] });
  await live();
  await story.settle();
  await story.worker.close();
});

afterAll(async () => {
  await shop?.close();
  await story?.close();
  rmSync(varDir, { recursive: true, force: true });
});

/** Four orders: one shipped, one planned, one partly refunded, one partly returned; and a message that nobody can read. */
async function live(): Promise<void> {
  const [listing] = shop.sandbox.state.listings;
  if (listing === undefined) throw new Error('no listing');
  const placed = [1, 2, 3].map((quantity) =>
    shop.sandbox.placeOrder({ lines: [{ listingId: listing.id, quantity }], shippingMinor: 490 }),
  );
  const parcelOf = (number: string) =>
    waitFor(story, `a parcel of ${number}`, () =>
      story.database.read(async (db) => {
        const [order] = await findOrder(db, number);
        if (order === undefined) return null;
        const { items } = await listShipments(db, { after: null, limit: 10 }, { orderId: order.orderId as OrderId });
        return items[0];
      }),
    );
  const [shipped, , refunded] = placed;
  for (const order of placed) await parcelOf(order.number);
  if (shipped === undefined || refunded === undefined) throw new Error('no orders');
  const { shipmentId } = await parcelOf(shipped.number);
  await story.run((ctx) =>
    shipOut(ctx, [{ shipmentId, carrier: 'DHL', trackingNumber: 'T-1', trackingUrl: null, service: null }]),
  );
  shop.sandbox.refundOrder(refunded.id, { amountMinor: 100 });
  const [url] = shop.sandbox.state.webhookUrls;
  const garbled = { id: 'evt_garbled', body: '{"order":' };
  const answer = await fetch(url ?? '', {
    method: 'POST',
    headers: shop.sandbox.webhooks.headers(garbled),
    body: garbled.body,
  });
  expect(answer.status).toBe(202);
  await waitFor(story, 'the refund and the parked message', () =>
    story.database.read((db) =>
      firstRow(db, sql`select 1 from orders, inbox_events e where orders.refunded_minor = 100 and e.state = 'parked'`),
    ),
  );
  const returned = shop.sandbox.placeOrder({ lines: [{ listingId: listing.id, quantity: 2 }], shippingMinor: 490 });
  await returnOne(returned, await parcelOf(returned.number));
  await invoiceOne(refunded.number);
}

/** The invoice of the order that was partly refunded, and the credit note that follows from it. */
async function invoiceOne(number: string): Promise<void> {
  const [order] = await story.database.read((db) => findOrder(db, number));
  if (order === undefined) throw new Error('no order');
  await story.run(async (ctx) => {
    const issuer = { legalName: 'Harbour Goods', address: ['Kai 1'], taxId: '', bank: '' };
    await changeSeller(ctx, { ...issuer, timeZone: 'UTC', keepReceiversYears: 10 });
    await requestInvoice(ctx, order.orderId);
  });
  await waitFor(story, 'the credit note', async () => {
    const issued = await story.database.read((db) => listInvoicesOfOrder(db, order.orderId));
    return issued.length === 2;
  });
}

/** A fourth: both units have left, the shop pays 50 back for one, it is restocked, and some is asked back on top. */
async function returnOne(order: ShopOrder, { shipmentId, warehouseId }: ShipmentItem): Promise<void> {
  await story.run((ctx) =>
    shipOut(ctx, [{ shipmentId, carrier: 'DHL', trackingNumber: 'T-2', trackingUrl: null, service: null }]),
  );
  const lines = order.lines.map(({ id }) => ({ lineId: id, quantity: 1 }));
  shop.sandbox.refundOrder(order.id, { amountMinor: 50, lines });
  const returnId = await waitFor(story, 'the return', async () => {
    const { items } = await story.database.read((db) => listReturns(db, { after: null, limit: 1 }));
    return items[0]?.returnId;
  });
  const found = await story.database.read((db) => getReturn(db, returnId));
  const decided = { decision: 'restock', quantity: 1, warehouseId, note: null } as const;
  await story.run((ctx) =>
    decideReturn(ctx, {
      returnId,
      lines: (found?.lines ?? []).map(({ returnLineId }) => ({ ...decided, returnLineId })),
      refund: null,
    }),
  );
  const amount = { minor: 30, currency: 'EUR' };
  await story.run((ctx) =>
    askReturnRefund(ctx, { returnId, lines: [], amount, includesShipping: false, reason: null }),
  );
  await waitFor(story, 'the refund we asked for', () =>
    story.database.read((db) => firstRow(db, sql`select 1 from orders where refunded_minor = 80`)),
  );
}

class RolledBack extends Error {}

/** The audit of the story with a plant in it, which is taken out again. */
async function auditPlanted(statements: readonly SQL[], options: { settled?: boolean } = {}): Promise<AuditReport> {
  let report: AuditReport | null = null;
  const planted = story.database.run(async (ctx) => {
    await plant(ctx, statements);
    report = await auditReport({ ...story.database, snapshot: (work) => work(ctx.tx) }, options);
    throw new RolledBack();
  });
  await expect(planted).rejects.toThrow(RolledBack);
  if (report === null) throw new Error('no report');
  return report;
}

async function plant(ctx: Ctx, statements: readonly SQL[]): Promise<void> {
  for (const statement of statements) await rows(ctx.tx, statement);
}

describe('the audit of a healthy story', () => {
  it('is clean, and every line has looked at something', async () => {
    const report = await auditReport(story.database, { settled: true });
    expect(report.lines.filter((line) => line.differenceCount > 0 || line.pending > 0)).toEqual([]);
    expect(report.isClean).toBe(true);
    expect(report.lines.filter((line) => line.checked === 0).map((line) => line.name)).toEqual([]);
  });

  it('has a plant below for every line', () => {
    expect(new Set(plants.map(({ line }) => line))).toEqual(new Set(checks.map(({ name }) => name)));
  });
});

describe('the audit finds', () => {
  for (const { what, line, statements, subject, found } of plants) {
    it(`${what}, by the line ${line} and by no other`, async () => {
      const report = await auditPlanted(statements);
      const loud = report.lines.filter((each) => each.differenceCount > 0);
      expect(loud.map((each) => each.name)).toEqual([line]);
      expect(loud[0]?.differences[0]?.subject).toMatch(subject);
      expect(loud[0]?.differences[0]?.found).toMatch(found);
      expect(report.isClean).toBe(false);
    });
  }

  it('no difference, and does not call it settled, while a write to a channel is unknown', async () => {
    const lost = sql`update channel_requests set state = 'unknown' where kind = 'refund'`;
    const report = await auditPlanted([lost], { settled: true });
    const waiting = report.lines.filter(({ pending }) => pending > 0).map(({ name }) => name);
    expect([waiting, report.isClean]).toEqual([['requests.once_on_the_channel'], false]);
  });

  it('nothing again after each plant is taken out', async () => {
    expect((await auditReport(story.database, { settled: true })).isClean).toBe(true);
  });
});

describe('wharf audit', () => {
  const run = (...words: string[]) =>
    runWharf(['audit', ...words], { DATABASE_URL: story.database.url, WHARF_VAR_DIR: varDir });

  it('prints each line with how much it checked and exits with 0 when all is well', async () => {
    const { code, stdout } = await run('--settled');
    expect(code).toBe(0);
    expect(
      stdout.split('\n').filter((line) => /^ok {3}\d {2}.*: [1-9]\d* checked, 0 differences/.test(line)),
    ).toHaveLength(checks.length);
  });

  it('prints the difference with both sides and exits with 1', async () => {
    await story.database.run((ctx) =>
      plant(ctx, [sql`update orders set refunded_minor = refunded_minor + 7 where id = ${theOrder(100, 'open')}`]),
    );
    const { code, stdout } = await run();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^DIFF 5 {2}refunded = Σ refunds that have not failed: 4 checked, 1 differences$/m);
    expect(stdout).toMatch(/^ {8}order \d+: expected refunds 100, found refunded 107$/m);
  });
});
