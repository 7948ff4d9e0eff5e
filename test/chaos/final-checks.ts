import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { auditReport } from '../../src/main/audit-report.ts';
import { rows } from '../../src/platform/db/index.ts';
import type { Canary } from './canary.ts';
import type { HubBook } from './journal.ts';
import { judge } from './judge.ts';
import type { Market } from './market.ts';
import type { Harbour } from './open-harbour.ts';
import { until } from './order-flow.ts';

/** The goal is a minute; a slow machine may take ten before that is called a failure. */
const settleDeadlineMs = 600_000;
/** Ship-outs, cancels and refunds. */
const kindsOfWrites = 3;

export type Outcome = { readonly settledS: number; readonly line: string };

/**
 * After the last fault: no more orders, everything asked for is acknowledged, the backlog comes to nothing, and then every
 * promise is checked from outside. Answers with what is told in the table.
 */
export async function finalChecks(harbour: Harbour, market: Market, canary: Canary): Promise<Outcome> {
  try {
    return await check(harbour, market, canary);
  } catch (error) {
    for (const each of [harbour.server, ...harbour.workers])
      console.error(`${each.name} said at last:\n${each.said()}`);
    throw error;
  }
}

async function check(harbour: Harbour, market: Market, canary: Canary): Promise<Outcome> {
  const healedMs = performance.now();
  const { desk } = market;
  const kinds = (): Set<string> => new Set(desk.acknowledged.map(({ kind }) => kind));
  // A run in which nobody was served shows nothing.
  await until('people to be served', async () => (kinds().size === kindsOfWrites ? true : null));
  await market.close();
  const settledS = (await untilSettled(harbour, healedMs)) / 1_000;
  const { pairs, wrong } = await canary.findings();
  expect(wrong).toEqual([]);
  const answered = harbour.stalls.flatMap((stall) => stall.answered());
  const verdict = judge({
    answered,
    acknowledged: desk.acknowledged,
    shops: harbour.stalls.map((stall) => stall.book()),
    hub: await readHub(harbour),
    received: harbour.received,
  });
  if (verdict.length > 0) console.error(JSON.stringify(await readTrouble(harbour), null, 1));
  expect(verdict).toEqual([]);
  expect(answered.length).toBeGreaterThan(0);
  expect(desk.oddAnswers).toEqual([]);
  expect(oddStatuses(harbour)).toEqual([]);
  expect([harbour.server, ...harbour.workers].flatMap((each) => each.collapses)).toEqual([]);
  const audit = await harbour.wharf('audit', '--settled');
  expect(audit).toMatchObject({ code: 0 });
  const line = [
    `${market.sold()} orders at ${market.perSecond().toFixed(0)}/s, ${answered.length} webhooks answered 2xx, ${desk.acknowledged.length} writes acknowledged`,
    `${pairs} canary pairs: 0 lost, 0 half, 0 double; settled after ${settledS.toFixed(0)} s, audit clean`,
  ].join(', ');
  return { settledS, line };
}

/** What the hub itself says is not as asked, for whoever looks into a verdict. */
function readTrouble({ database }: Harbour): Promise<unknown> {
  return database.read(async (db) => ({
    parked: await rows(
      db,
      sql`select external_id, source, cause from inbox_events where state = 'parked' order by received_at limit 20`,
    ),
    requests: await rows(
      db,
      sql`select o.external_id, r.kind, r.state, r.cause, r.attempts from channel_requests r join orders o on o.id = r.order_id
          where r.state <> 'done' or o.cancelled_at is null order by r.id limit 50`,
    ),
  }));
}

/** Waits as the audit sees it: no difference, and nothing on its way. */
async function untilSettled({ database }: Harbour, sinceMs: number): Promise<number> {
  const deadline = performance.now() + settleDeadlineMs;
  for (;;) {
    const lines = await auditReport(database, { settled: true }).then(
      (report) => report.lines.filter((line) => line.differenceCount > 0 || line.pending > 0),
      () => null,
    );
    if (lines?.length === 0) return performance.now() - sinceMs;
    if (performance.now() > deadline) expect(lines).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** The door says yes, or "come back later"; a 500 is nobody's answer. */
function oddStatuses({ stalls }: Harbour): string[] {
  const expected = new Set([0, 200, 202, 503]);
  return stalls.flatMap(({ shopId, statuses }) =>
    [...statuses].flatMap(([status, times]) =>
      expected.has(status) ? [] : [`${times} webhooks of shop ${shopId} were answered ${status}`],
    ),
  );
}

async function readHub({ database }: Harbour): Promise<HubBook> {
  return database.snapshot(async (db) => {
    const events = await rows<{ key: string }>(
      db,
      sql`select shop_id || ' ' || substr(dedupe_key, 9) as key from inbox_events where dedupe_key like 'webhook:%'`,
    );
    const orders = await rows<HubBook['orders'][number]>(
      db,
      sql`select shop_id as "shopId", external_id as "externalId", total_minor as "totalMinor",
                 cancelled_at is not null as "isCancelled" from orders`,
    );
    const shipped = await rows<HubBook['shipped'][number]>(
      db,
      sql`select distinct s.id as "shipmentId", s.tracking_number as "trackingNumber", o.shop_id as "shopId",
                 o.external_id as "orderExternalId"
          from shipments s join shipment_lines l on l.shipment_id = s.id join orders o on o.id = l.order_id
          where s.shipped_at is not null`,
    );
    return { webhooks: new Set(events.map(({ key }) => key)), orders, shipped };
  });
}
