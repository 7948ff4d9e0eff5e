import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { someSeller } from '../../test/support/factories/invoicing-world.ts';
import { openExplainWorld, type ExplainWorld } from '../../test/support/factories/explain-world.ts';
import { storyOrder } from '../../test/support/factories/story-order.ts';
import { mergeShipments, splitShipment } from '../fulfilment/index.ts';
import { askOpenOrders, readOrdersAgain } from '../inbound/index.ts';
import { changeRule, changeSeller, numberInvoices } from '../invoicing/index.ts';
import { newId, type OrderId, type ShopId } from '../kernel/index.ts';
import { getOrder, placeHolds, releaseHolds } from '../orders/index.ts';
import { announceShipments, requestCancel, sendRequests } from '../outbound/index.ts';
import { rows } from '../platform/db/index.ts';
import { decideReturn, enterReturn, listReturnsOfOrder } from '../returns/index.ts';
import { listWarehouses } from '../stock/index.ts';

/**
 * Each situation is built by the real verbs and told in both languages. `npx vitest -u` on this file writes the golden files
 * anew; read them aloud afterwards.
 */
function golden(name: string, build: (world: ExplainWorld) => Promise<OrderId>): void {
  test(`an order ${name.replaceAll('-', ' ')}`, async () => {
    const world = await openExplainWorld();
    try {
      const orderId = await build(world);
      for (const language of ['en', 'zh'] as const) {
        const text = await world.tellOrder(orderId, language);
        expect(text).not.toMatch(
          /[0-9a-f]{8}-|T\d\d:|undefined|null|[a-z]_[a-z]|\?|has no words here|没有对应的说明|Ada|Lovelace|Kaistraße|Hamburg \d{5}/,
        );
        await expect(text).toMatchFileSnapshot(`golden/order-${name}.${language}.txt`);
      }
    } finally {
      await world.close();
    }
  });
}

const mug = (quantity: number) => ['1001', 'Blue mug', quantity, 1_290] as const;
const tea = (quantity: number) => ['1002', 'Green tea', quantity, 850] as const;

type Stock = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Harbour Shop with two items and warehouses in this order of preference. */
async function openShop(
  world: ExplainWorld,
  stock: Stock,
  facts: { claimsAt?: 'placed' | 'paid' } = {},
): Promise<ShopId> {
  const shopId = await world.connect('Harbour Shop', facts);
  await world.sku('MUG-BLUE', 'Blue mug');
  await world.sku('TEA-GREEN', 'Green tea');
  await world.item(shopId, '1001', 'Blue mug', 'MUG-BLUE');
  await world.item(shopId, '1002', 'Green tea', 'TEA-GREEN');
  const warehouses = [];
  for (const [name, units] of Object.entries(stock)) warehouses.push(await world.warehouse(name, units));
  await world.serve(shopId, ...warehouses);
  return shopId;
}

golden('shipped-from-one-warehouse', async (world) => {
  const shopId = await openShop(world, {
    Hamburg: { 'MUG-BLUE': 1 },
    Leipzig: { 'MUG-BLUE': 8, 'TEA-GREEN': 5 },
    Munich: { 'MUG-BLUE': 9, 'TEA-GREEN': 9 },
    Vienna: {},
  });
  const orderId = await world.deliver(
    storyOrder('A-2041', [mug(2), tea(1)], {
      shipping: [{ externalId: 's', title: 'Parcel', amountMinor: 490, taxes: [] }],
      discounts: [{ lineExternalId: null, code: 'HELLO', title: 'Welcome', amountMinor: 300, fundedBy: 'platform' }],
      payments: [
        { externalId: 'p', method: 'card', state: 'paid', amountMinor: 3_621, paidAt: '2026-11-20T09:00:00+01:00' },
      ],
      totalMinor: 3_621,
    }),
  );
  await world.floor(orderId, 'released', 'picked', 'packed', 'labelled');
  await world.ship(orderId);
  await world.run(shopId, announceShipments);
  return orderId;
});

golden('split-over-two-warehouses', async (world) => {
  const shopId = await openShop(world, { Hamburg: { 'MUG-BLUE': 4 }, Leipzig: { 'MUG-BLUE': 1, 'TEA-GREEN': 2 } });
  const orderId = await world.deliver(storyOrder('A-2042', [mug(3), tea(2)]), { by: 'poll', shopId });
  await world.ship(orderId, 1);
  await world.run(shopId, announceShipments);
  return orderId;
});

golden('short-of-goods', async (world) => {
  await openShop(world, { Hamburg: { 'MUG-BLUE': 3 }, Leipzig: { 'TEA-GREEN': 9 } });
  const first = await world.deliver(storyOrder('A-2043', [mug(2)]));
  await world.floor(first, 'released', 'picked');
  await world.deliver(storyOrder('A-2044', [mug(2)], { shipBy: '2026-11-21T12:00:00+01:00' }));
  return world.deliver(storyOrder('A-2045', [mug(3), tea(1)]));
});

golden('with-an-unmapped-item', async (world) => {
  const shopId = await openShop(world, { Hamburg: { 'MUG-BLUE': 5, 'TEA-GREEN': 5 } });
  await world.item(shopId, '1003', 'Biscuit tin');
  return world.deliver(storyOrder('A-2046', [mug(1), ['1003', 'Biscuit tin', 2, 600]]));
});

golden('not-paid-yet', async (world) => {
  await openShop(world, { Hamburg: { 'MUG-BLUE': 5 } }, { claimsAt: 'paid' });
  return world.deliver(storyOrder('A-2047', [mug(2)], { paymentState: 'unpaid', paidAt: null }));
});

golden('cancelled-after-packing', async (world) => {
  await openShop(world, { Hamburg: { 'MUG-BLUE': 5 }, Leipzig: { 'TEA-GREEN': 5 } });
  const order = storyOrder('A-2048', [mug(1), tea(1)]);
  const orderId = await world.deliver(order);
  const [first] = await world.parcels(orderId);
  if (first === undefined) throw new Error('no parcel');
  await world.floorOf(first.shipmentId, 'released', 'picked', 'packed');
  return world.deliver({ ...order, cancelledAt: '2026-11-20T09:23:30+01:00', cancelReason: 'Ordered twice' });
});

golden('changed-by-the-channel', async (world) => {
  await openShop(world, { Hamburg: { 'MUG-BLUE': 5, 'TEA-GREEN': 1 }, Leipzig: { 'MUG-BLUE': 5, 'TEA-GREEN': 5 } });
  const order = storyOrder('A-2049', [mug(3)]);
  const orderId = await world.deliver(order);
  await world.floor(orderId, 'released');
  world.wait(10);
  await world.deliver(storyOrder('A-2049', [mug(1), tea(2)], { shipBy: '2026-11-23T12:00:00+01:00' }));
  return orderId;
});

golden('missing-on-the-channel', async (world) => {
  const shopId = await openShop(world, { Hamburg: { 'MUG-BLUE': 5 } });
  const orderId = await world.deliver(storyOrder('A-2053', [mug(2)]));
  for (let times = 0; times < 2; times += 1) {
    world.wait(30);
    await world.run(shopId, askOpenOrders);
    await world.run(shopId, readOrdersAgain);
  }
  return orderId;
});

golden('refused-and-unanswered-by-the-channel', async (world) => {
  const shopId = await openShop(world, { Hamburg: { 'MUG-BLUE': 5 }, Leipzig: { 'TEA-GREEN': 5 } });
  const orderId = await world.deliver(storyOrder('A-2050', [mug(1), tea(1)]));
  await world.ship(orderId);
  world.failNext(
    {
      kind: 'rejected',
      code: 'order_closed',
      detail: 'This order is archived and cannot be fulfilled.',
    },
    { kind: 'outcome_unknown' },
  );
  await world.run(shopId, announceShipments);
  await world.run(shopId, announceShipments);
  return orderId;
});

golden('returned-and-invoiced', async (world) => {
  const shopId = await openShop(world, { Hamburg: { 'MUG-BLUE': 5 } });
  const { database, deps } = world;
  await database.run(async (ctx) => {
    await changeSeller(ctx, { ...someSeller, timeZone: 'Europe/Berlin' });
    await changeRule(ctx, shopId, { at: 'ship_out', ordersSince: new Date('2026-01-01T00:00:00Z') });
  });
  const orderId = await world.deliver(storyOrder('A-2052', [mug(3)]));
  await world.ship(orderId);
  world.wait(1);
  await database.run((ctx) => numberInvoices(ctx, deps, 10));
  await world.run(shopId, announceShipments);
  world.wait(2 * 24 * 60);
  const order = await database.read((db) => getOrder(db, orderId));
  const [line] = order.lines;
  const [warehouse] = await database.read(listWarehouses);
  if (line === undefined || warehouse === undefined) throw new Error('no line or warehouse');
  const lines = [{ orderLineId: line.orderLineId, quantity: 2 }];
  const entry = { orderId, reason: 'one is chipped', lines, refund: null };
  const { returnId } = await database.run((ctx) => enterReturn(ctx, entry));
  world.wait(30);
  const [open] = await database.read((db) => listReturnsOfOrder(db, orderId));
  const returnLineId = open?.lines[0]?.returnLineId;
  if (returnLineId === undefined) throw new Error('no return line');
  const restocked = {
    returnLineId,
    quantity: 1,
    decision: 'restock',
    warehouseId: warehouse.warehouseId,
    note: null,
  } as const;
  await database.run((ctx) => decideReturn(ctx, { returnId, lines: [restocked], refund: null }));
  return orderId;
});

golden('worked-on-by-hand', async (world) => {
  const shopId = await openShop(world, { Hamburg: { 'MUG-BLUE': 9 } });
  const orderId = await world.deliver(storyOrder('A-2051', [mug(3)]));
  const [parcel] = await world.parcels(orderId);
  if (parcel === undefined) throw new Error('no parcel');
  const person = { actor: { kind: 'system', id: 'cli' } } as const;
  const act = (work: Parameters<typeof world.database.transact<unknown>>[1]): Promise<unknown> => {
    world.wait(3);
    return world.database.transact(person, work);
  };
  const lines = await world.linesOf(parcel.shipmentId);
  let half = parcel.shipmentId;
  await act(async (ctx) => {
    const split = lines.map((shipmentLineId) => ({ shipmentLineId, quantity: 1 }));
    half = (await splitShipment(ctx, { shipmentId: parcel.shipmentId, lines: split })).shipmentId;
  });
  await act((ctx) => mergeShipments(ctx, { shipmentIds: [parcel.shipmentId, half] }));
  await act((ctx) => placeHolds(ctx, [{ orderId, kind: 'manual', cause: { reason: 'call the buyer' } }]));
  await act((ctx) => releaseHolds(ctx, [{ orderId, kind: 'manual' }]));
  await act((ctx) =>
    requestCancel(ctx, world.deps.connectors, { orderId, lines: null, reason: 'Buyer changed her mind' }),
  );
  world.failNext({ kind: 'rejected', code: 'too_late', detail: 'Payout has been made.' });
  await world.run(shopId, sendRequests);
  await act((ctx) => placeHolds(ctx, [{ orderId, kind: 'manual', cause: { reason: 'wait for the boss' } }]));
  return orderId;
});

test('goods that are announced, and how many more urgent orders want them, are told', async () => {
  const world = await openExplainWorld();
  try {
    await openShop(world, { Hamburg: { 'MUG-BLUE': 7 } });
    for (const number of [1, 2, 3, 4, 5, 6, 7]) await world.deliver(storyOrder(`A-${number}`, [mug(1)]));
    await world.deliver(storyOrder('A-8', [mug(4)], { shipBy: '2026-11-21T12:00:00+01:00' }));
    const orderId = await world.deliver(storyOrder('A-9', [mug(2)]));
    const [warehouse] = await world.database.read(listWarehouses);
    await world.database.run((ctx) =>
      rows(
        ctx.tx,
        sql`insert into expected_receipts (id, sku_id, warehouse_id, quantity, received_quantity, expected_at, created_at)
            select ${newId()}::uuid, id, ${warehouse?.warehouseId}::uuid, 20, 5, '2026-11-25T08:00:00Z', ${ctx.now} from skus
            where code = 'MUG-BLUE'`,
      ),
    );
    const text = await world.tellOrder(orderId, 'en');
    expect(text).toContain('Wait for the announced goods (15 × MUG-BLUE in Hamburg on 25 Nov 2026)');
    expect(text).toContain('2 more for 2 other orders.');
    expect(text).toContain('A more urgent order wants 4 units first.');
    expect(text).toContain('15 are expected in Hamburg on 25 Nov 2026.');
  } finally {
    await world.close();
  }
});
