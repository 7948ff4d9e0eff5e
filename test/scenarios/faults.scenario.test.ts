import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShopOrder } from '../../connectors/sandbox/fake/index.ts';
import { listShipments, shipOut } from '../../src/fulfilment/index.ts';
import { findOrder, getOrder, type OrderDetail } from '../../src/orders/index.ts';
import { requestCancel, requestRefund } from '../../src/outbound/index.ts';
import { firstRow, rows } from '../../src/platform/db/index.ts';
import { connectSandbox, openSandbox, openStory, waitFor, type SandboxShop, type Story } from '../support/story.ts';

let story: Story;
let shop: SandboxShop;

/** What becomes of the orders of one round, by their place in it. */
const fates = ['shipped', 'cancelled there', 'cancelled here', 'refunded here', 'paid late'] as const;
const placed: { order: ShopOrder; fate: (typeof fates)[number] }[] = [];

/** Calls to fail in a row; after them every seventh fails. The breaker, which waits half a minute, stays closed. */
let failNext = 0;
let calls = 0;
const failsNow = (): boolean => {
  calls += 1;
  failNext -= 1;
  return failNext >= 0 || calls % 7 === 0;
};

beforeAll(async () => {
  const served = await openSandbox({ seed: 6, random: () => (failsNow() ? 0 : 1) });
  story = await openStory({ privateOrigins: [served.origin] });
  shop = await connectSandbox(story, served, { units: [60, 30] });
  await story.settle();
});

afterAll(async () => {
  await shop?.close();
  await story?.close();
});

/** Ten orders: two for each fate. */
function sell(): typeof placed {
  const listings = shop.sandbox.state.listings.filter((listing) => listing.tracksStock);
  const round = Array.from({ length: 10 }, (_, number) => {
    const fate = fates[number % fates.length] ?? 'shipped';
    const lines = [0, 3].map((step) => ({
      listingId: listings[(placed.length + number + step) % listings.length]?.id ?? '',
      quantity: 1 + (number % 3),
    }));
    return { fate, order: shop.sandbox.placeOrder({ lines, shippingMinor: 390, isPaid: fate !== 'paid late' }) };
  });
  placed.push(...round);
  return round;
}

const orderOf = ({ number }: ShopOrder): Promise<OrderDetail> =>
  waitFor(
    story,
    `order ${number}`,
    () =>
      story.database.read(async (db) => {
        const [found] = await findOrder(db, number);
        return found === undefined ? null : getOrder(db, found.orderId);
      }),
    90_000,
  );

/** Does to each order of a round what shall become of it, while the faults are on. */
async function live(round: typeof placed): Promise<void> {
  for (const { order, fate } of round) {
    if (fate === 'cancelled there') shop.sandbox.cancelOrder(order.id);
    if (fate === 'paid late') shop.sandbox.payOrder(order.id);
    const { orderId, currency } = await orderOf(order);
    if (fate === 'cancelled here') {
      await story.run((ctx) =>
        requestCancel(ctx, story.hub.deps.connectors, { orderId, lines: null, reason: 'customer asked' }),
      );
    }
    if (fate === 'shipped' || fate === 'refunded here' || fate === 'paid late') await ship(order);
    if (fate === 'refunded here') {
      await story.run((ctx) =>
        requestRefund(ctx, story.hub.deps.connectors, {
          orderId,
          amountMinor: 150,
          currency,
          reason: 'goodwill',
          lines: [],
        }),
      );
    }
  }
}

async function ship(order: ShopOrder): Promise<void> {
  const { orderId } = await orderOf(order);
  const units = order.lines.reduce((sum, line) => sum + line.quantity, 0);
  const parcels = await waitFor(
    story,
    `every unit of ${order.number} in a parcel`,
    () =>
      story.database.read(async (db) => {
        const planned = await firstRow<{ units: number }>(
          db,
          sql`select coalesce(sum(quantity), 0)::int8 as units from shipment_lines where order_id = ${orderId}`,
        );
        if (planned?.units !== units) return null;
        // Read after the units: a parcel that was planned in between is in the list.
        return (await listShipments(db, { after: null, limit: 10 }, { orderId })).items;
      }),
    90_000,
  );
  await story.run((ctx) =>
    shipOut(
      ctx,
      parcels.map(({ shipmentId, number }) => ({
        shipmentId,
        carrier: 'DHL',
        trackingNumber: `T-${number}`,
        trackingUrl: null,
        service: null,
      })),
    ),
  );
}

/** Packages whose announcement was tried again, or will be. */
async function countDoubted(): Promise<number> {
  const found = await story.database.read((db) =>
    firstRow<{ count: number }>(
      db,
      sql`select count(*) as count from announcements where attempts > 1 or state = 'unknown'`,
    ),
  );
  return found?.count ?? 0;
}

/** Everything the hub still has to tell the shop is told. */
const allTold = (): Promise<true | null> =>
  story.database.read(async (db) => {
    const open = await rows(
      db,
      sql`select id from announcements where state <> 'announced'
          union all select id from channel_requests where state <> 'done'`,
    );
    return open.length === 0 ? true : null;
  });

const written = (kind: string, key: string): string[] =>
  shop.sandbox
    .journal()
    .filter((entry) => entry.by === 'hub' && entry.kind === kind)
    .map((entry) => `${entry.subject} ${entry.detail[key]}`);

describe('a shop that fails in every way at once', () => {
  it('loses, repeats and turns round its webhooks, and hides new orders from its list', async () => {
    shop.sandbox.setFaults({ webhooksDrop: 6, webhooksRepeat: 2, webhooksReorder: true, listLateNext: 3 });
    await live(sell());
  });

  it('asks us to slow down, fails three calls in a row and then every seventh', async () => {
    shop.sandbox.setFaults({ throttleNext: 1, retryAfterSeconds: 1, errorRate: 0.5 });
    failNext = 3;
    await live(sell());
    expect(shop.sandbox.faults.throttleNext).toBe(0);
  });

  it('does what we ask and loses the answer', { timeout: 300_000 }, async () => {
    shop.sandbox.setFaults({ errorRate: 0 });
    // On a busy machine all four may be answers about stock, which is told most often: then once more.
    for (let round = 0; round < 3 && (round === 0 || (await countDoubted()) === 0); round += 1) {
      shop.sandbox.setFaults({ loseAnswers: 4 });
      await live(sell());
      await waitFor(
        story,
        'the answers to be lost',
        () => Promise.resolve(shop.sandbox.faults.loseAnswers === 0),
        90_000,
      );
    }
  });

  it('and once it is well again everything settles', async () => {
    shop.sandbox.setFaults({ webhooksDrop: 0, webhooksRepeat: 0, webhooksReorder: false, listLateNext: 0 });
    await waitFor(story, 'everything to be told', allTold, 90_000);
    await story.settle(90_000);
    expect(await countDoubted()).toBeGreaterThan(0);
  });

  it('every parcel that left was announced, and the shop said under which name', async () => {
    const unsaid = await story.database.read((db) =>
      rows(
        db,
        sql`select s.number, a.state from shipments s
            join shipment_lines l on l.shipment_id = s.id
            left join announcements a on a.shipment_id = s.id and a.order_id = l.order_id
            where s.shipped_at is not null and a.external_id is null`,
      ),
    );
    expect(unsaid).toEqual([]);
  });

  it('its journal shows each package and each refund once', () => {
    const packages = written('fulfilled', 'tracking');
    expect(new Set(packages).size).toBe(packages.length);
    expect(packages.length).toBeGreaterThanOrEqual(18);
    const refunds = written('refunded', 'request');
    expect(new Set(refunds).size).toBe(refunds.length);
    expect(refunds).toHaveLength(6);
    expect(written('cancelled', 'units')).toHaveLength(6);
  });

  it('both sides agree on every order', async () => {
    expect(placed).toHaveLength(30);
    for (const { order, fate } of placed) {
      const theirs = shop.sandbox.order(order.id);
      const ours = await orderOf(order);
      const isCancelled = fate === 'cancelled there' || fate === 'cancelled here';
      expect({
        fate,
        total: ours.totalMinor,
        refunded: ours.refundedMinor,
        isCancelled: ours.cancelledAt !== null,
      }).toEqual({
        fate,
        total: theirs.totalMinor,
        refunded: fate === 'refunded here' ? 150 : 0,
        isCancelled,
      });
      expect(theirs.cancelledAt !== null).toBe(isCancelled);
      expect(theirs.refunds.reduce((sum, refund) => sum + refund.amountMinor, 0)).toBe(ours.refundedMinor);
      expect(theirs.lines.map((line) => line.fulfilledQuantity)).toEqual(
        theirs.lines.map((line) => (isCancelled ? 0 : line.quantity)),
      );
      expect(ours.holds).toEqual([]);
    }
  });
});
