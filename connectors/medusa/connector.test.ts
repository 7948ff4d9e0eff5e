import { describe, expect, it } from 'vitest';
import type { ChannelOrder, ConnectorIo, StockPush } from '../../src/connector-kit/index.ts';
import { postMedusa } from './client.ts';
import { at, bench, since } from './fake/bench.ts';
import { beginReturn, cancelReturn, receiveReturn, requestReturn } from './fake/change-returns.ts';
import { medusa } from './index.ts';
import type { MedusaSettings } from './settings.ts';
import { wireWritten } from './wire.ts';

const push = (listingExternalId: string, ...quantities: number[]): StockPush => ({
  listingExternalId,
  quantity: quantities.reduce((sum, quantity) => sum + quantity, 0),
  locations: ['sloc_harbour', 'sloc_hinterland', 'sloc_nowhere'].slice(0, quantities.length).map((id, index) => ({
    locationExternalId: id,
    quantity: quantities[index] ?? 0,
  })),
  version: '1',
});

async function tracked(io: ConnectorIo<MedusaSettings>): Promise<Record<string, boolean>> {
  const page = await medusa.listings?.pullListings(io, null);
  return Object.fromEntries((page?.items ?? []).map((listing) => [listing.sku ?? '', listing.tracksStock]));
}

describe('the poll', () => {
  it('reads the first version of an order once it has another, and of no other order', async () => {
    const { fake, io, requests } = bench();
    const [fresh, changed] = [0, 1].map(() => fake.placeOrder({ lines: [{ quantity: 1 }] }));
    fake.touchOrder(changed?.id ?? '');
    await medusa.orders.readOrders(io, [fresh?.id ?? '', changed?.id ?? '']);
    expect(requests).toEqual(['GET /admin/orders', `GET /admin/orders/${changed?.id}`]);
  });

  it('never leaves the number of rows to the server, whose default would cut the answer', async () => {
    const { fake, io } = bench();
    const orders = Array.from({ length: 40 }, () => fake.placeOrder({ lines: [{ quantity: 1 }] }).id);
    expect(await medusa.orders.readOrders(io, orders)).toHaveLength(40);
  });

  it('does not take a bad request for a broken server for ever: what it sends is always well formed', async () => {
    const { fake, io } = bench();
    fake.placeOrder({ lines: [{ quantity: 1 }] });
    const bad = { at: 'garbage', seen: [], waitFrom: null };
    await expect(medusa.orders.pullOrders?.(io, bad, since)).rejects.toMatchObject({ kind: 'unavailable' });
    expect((await medusa.orders.pullOrders?.(io, null, since))?.items).toHaveLength(1);
  });
});

describe('an order that Medusa may still take back', () => {
  it('is left out until it has a payment, or is old enough to stay, and the next poll starts before it', async () => {
    const { fake, io } = bench();
    const half = fake.placeOrder({ lines: [{ quantity: 1 }] });
    const [payment] = half.payments.splice(0);
    const paid = fake.placeOrder({ lines: [{ quantity: 1 }] });
    const first = await medusa.orders.pullOrders?.(io, null, since);
    expect(first?.items.map((item) => item.externalId)).toEqual([paid.id]);
    expect(Date.parse(first?.resume.at ?? '')).toBeLessThan(Date.parse(half.updatedAt));
    const idsLater = async (ms: number): Promise<string[]> => {
      const later = { ...io, now: new Date(at.getTime() + ms) };
      const page = await medusa.orders.pullOrders?.(later, first?.resume ?? null, since);
      return (page?.items ?? []).map((item) => item.externalId).toSorted();
    };
    expect(await idsLater(29_000)).toEqual([paid.id]);
    expect(await idsLater(31_000)).toEqual([half.id, paid.id]);
    if (payment !== undefined) half.payments.push(payment);
    expect(await idsLater(1_000)).toEqual([half.id, paid.id]);
  });
});

describe('whose stock a variant is', () => {
  it('is its own where it draws on one item alone, and nobody takes fewer units of that', async () => {
    const { fake, io } = bench();
    const single = fake.addVariant({ sku: 'TEA', stocked: [30, 0] });
    const inventoryItemId = single.shares[0]?.inventoryItemId ?? '';
    const other = fake.addVariant({ sku: 'CUP', stocked: [9, 0] });
    fake.addVariant({ sku: 'TEA-6', shares: [{ inventoryItemId, requiredQuantity: 6 }] });
    fake.addVariant({
      sku: 'SET',
      shares: [
        { inventoryItemId, requiredQuantity: 1 },
        { inventoryItemId: other.shares[0]?.inventoryItemId ?? '', requiredQuantity: 1 },
      ],
    });
    const dozen = fake.addVariant({ sku: 'EGG-12', stocked: [24, 0] });
    Object.assign(dozen.shares[0] ?? {}, { requiredQuantity: 12 });
    fake.addVariant({ sku: 'GIFT', stocked: [], manageInventory: false });
    expect(await tracked(io)).toEqual({
      TEA: true,
      CUP: true,
      'TEA-6': false,
      SET: false,
      'EGG-12': true,
      GIFT: false,
    });
    const results = await medusa.stock?.pushStock(io, [push(dozen.id, 3, 1)]);
    expect(results).toEqual([{ listingExternalId: dozen.id, outcome: 'told' }]);
    const item = fake.state.inventory.find(({ id }) => id === dozen.shares[0]?.inventoryItemId);
    expect(item?.levels.map((level) => level.stocked)).toEqual([36, 12]);
    expect((await medusa.stock?.readStock?.(io, [dozen.id]))?.[0]?.saleable).toBe(4);
  });

  it('is refused a number where it has none of its own', async () => {
    const { fake, io } = bench();
    const gift = fake.addVariant({ sku: 'GIFT', manageInventory: false });
    const results = await medusa.stock?.pushStock(io, [push(gift.id, 1)]);
    expect(results).toMatchObject([{ outcome: 'failed', code: 'no_stock_of_its_own' }]);
    expect(await medusa.stock?.readStock?.(io, [gift.id])).toEqual([]);
  });
});

describe('stock', () => {
  it('stands where it is reserved, and levels that are missing are made', async () => {
    const { fake, io } = bench();
    const variant = fake.addVariant({ sku: 'TEA', stocked: [10] });
    fake.placeOrder({ lines: [{ sku: 'TEA', quantity: 4 }] });
    // Saleable 5 at the first and 7 at the second, and the four of the order.
    const wanted: StockPush = { ...push(variant.id, 5, 7), quantity: 16 };
    expect(await medusa.stock?.pushStock(io, [wanted])).toMatchObject([{ outcome: 'told' }]);
    const item = fake.state.inventory.find(({ id }) => id === variant.shares[0]?.inventoryItemId);
    expect(item?.levels.map((level) => [level.stocked, level.reserved])).toEqual([
      [9, 4],
      [7, 0],
    ]);
    expect(await medusa.stock?.readStock?.(io, [variant.id])).toEqual([
      {
        listingExternalId: variant.id,
        saleable: 12,
        locations: [
          { locationExternalId: 'sloc_harbour', quantity: 5 },
          { locationExternalId: 'sloc_hinterland', quantity: 7 },
        ],
      },
    ]);
  });

  it('is told for all listings but the ones that Medusa refuses', async () => {
    const { fake, io } = bench();
    const [one, two] = ['A', 'B'].map((sku) => fake.addVariant({ sku, stocked: [1, 1] }).id);
    const pushes = [push('variant_404', 1), push(one ?? '', 2, 2, 2), push(two ?? '', 7, 3)];
    const results = await medusa.stock?.pushStock(io, pushes);
    expect(results?.map((result) => (result.outcome === 'told' ? 'told' : result.code))).toEqual([
      'not_found',
      'not_found',
      'told',
    ]);
    const shown = (await medusa.stock?.readStock?.(io, [one ?? '', two ?? ''])) ?? [];
    expect(new Map(shown.map((row) => [row.listingExternalId, row.saleable]))).toEqual(
      new Map([
        [one, 2],
        [two, 10],
      ]),
    );
  });
});

describe('a write that was broken off', () => {
  it('is taken up between fulfilling and shipping', async () => {
    const { fake, io } = bench();
    const order = fake.placeOrder({ lines: [{ quantity: 2 }] });
    const lines = [{ lineExternalId: order.items[0]?.id ?? '', quantity: 2 }];
    const items = lines.map(({ lineExternalId, quantity }) => ({ id: lineExternalId, quantity }));
    const path = `/orders/${order.id}/fulfillments`;
    await postMedusa(io, path, { items, metadata: { wharf_package: 'parcel-1' } }, wireWritten);
    const answer = await medusa.shipments?.announceShipment(io, {
      orderExternalId: order.id,
      packageReference: 'parcel-1',
      trackingNumber: 'JD1',
      carrier: 'DHL',
      trackingUrl: 'javascript:alert(1)',
      shippedAt: at,
      lines,
    });
    expect(order.fulfilments.map(({ id, labels }) => [id, labels])).toEqual([
      [answer?.externalId, [{ tracking_number: 'JD1', tracking_url: '', label_url: '' }]],
    ]);
  });

  it('is taken up in the middle of an order edit, and another’s edit is left alone', async () => {
    const { fake, io } = bench();
    const orders = ['wharf', 'a person'].map((note) => {
      const order = fake.placeOrder({ lines: [{ quantity: 5 }] });
      order.edit = { internalNote: note, quantities: new Map() };
      return order;
    });
    const cancel = (order: (typeof orders)[number] | undefined): Promise<void> | undefined =>
      medusa.orders.cancelOrder?.(io, {
        orderExternalId: order?.id ?? '',
        lines: [{ lineExternalId: order?.items[0]?.id ?? '', quantity: 2 }],
        reason: 'buyer asked',
      });
    await cancel(orders[0]);
    expect(orders[0]?.items[0]?.quantity).toBe(3);
    await expect(cancel(orders[1])).rejects.toMatchObject({ kind: 'conflict' });
    expect(orders[1]?.items[0]?.quantity).toBe(5);
  });
});

describe('a cancel', () => {
  it('of a part is refused while the payment is only authorised, which an edit would void', async () => {
    const { fake, io } = bench();
    const order = fake.placeOrder({ lines: [{ quantity: 2 }], isCaptured: false });
    const lines = [{ lineExternalId: order.items[0]?.id ?? '', quantity: 1 }];
    const command = { orderExternalId: order.id, lines, reason: 'test' };
    await expect(medusa.orders.cancelOrder?.(io, command)).rejects.toMatchObject({
      reason: { kind: 'rejected', code: 'payment_not_captured' },
    });
    await medusa.orders.cancelOrder?.(io, { ...command, lines: null });
    expect(order.status).toBe('canceled');
  });

  it('leaves the units of a parcel alone', async () => {
    const { fake, io } = bench();
    const order = fake.placeOrder({ lines: [{ quantity: 3 }] });
    const lineExternalId = order.items[0]?.id ?? '';
    await medusa.shipments?.announceShipment(io, {
      orderExternalId: order.id,
      packageReference: 'parcel-1',
      trackingNumber: 'JD1',
      carrier: 'DHL',
      trackingUrl: null,
      shippedAt: at,
      lines: [{ lineExternalId, quantity: 1 }],
    });
    await medusa.orders.cancelOrder?.(io, { orderExternalId: order.id, lines: null, reason: 'test' });
    expect([order.status, order.items[0]?.quantity, order.items[0]?.fulfilled]).toEqual(['pending', 1, 1]);
  });
});

describe('a refund', () => {
  it('of all that is left carries every decimal that was charged', async () => {
    const { fake, io } = bench();
    const lines = [{ quantity: 1, unitPrice: '33.333' }];
    const order = fake.placeOrder({ lines, pricesIncludeTax: false, discountPercent: 10 });
    const refund = (amountMinor: number, requestId: string): Promise<{ externalId: string }> | undefined =>
      medusa.orders.refundOrder?.(io, {
        orderExternalId: order.id,
        amountMinor,
        currency: 'EUR',
        reason: 'lost',
        lines: [],
        requestId,
      });
    // 33.333 × 1.19 × 0.9 + 5 × 1.19 = 41.649643
    await refund(1_000, 'one');
    await refund(3_165, 'two');
    expect(order.payments[0]?.refunds.map((row) => row.amount)).toEqual(['10', '31.649643']);
    await expect(refund(1, 'three')).rejects.toMatchObject({ reason: { code: 'refund_exceeds_payment' } });
  });
});

describe('returns', () => {
  it('are shown once they are requested, and leave the amounts as first sold when they are received', async () => {
    const { fake, io } = bench();
    const order = fake.placeOrder({ lines: [{ quantity: 3, unitPrice: '11.09' }] });
    const [line] = order.items;
    const id = line?.id ?? '';
    const read = async (): Promise<ChannelOrder> => {
      const [document] = await medusa.orders.readOrders(io, [order.id]);
      return medusa.orders.toChannelOrder(document?.body ?? '', io.settings);
    };
    const sold = await read();
    const [asked, kept] = [beginReturn(fake.state, order), beginReturn(fake.state, order)];
    expect((await read()).returns).toEqual([]);
    requestReturn(fake.state, order, asked, [{ id, quantity: 1, note: 'too small' }]);
    requestReturn(fake.state, order, kept, [{ id, quantity: 2, note: null }]);
    expect((await read()).returns).toMatchObject([
      { externalId: asked.id, state: 'requested', reason: 'too small', lines: [{ lineExternalId: id, quantity: 1 }] },
      { externalId: kept.id, state: 'requested', reason: null, lines: [{ quantity: 2 }] },
    ]);
    receiveReturn(fake.state, order, asked);
    cancelReturn(fake.state, order, kept);
    const after = await read();
    expect(after.returns.map(({ state }) => state)).toEqual(['received', 'cancelled']);
    const { totalMinor, chargedTotal, lines } = sold;
    expect(after).toMatchObject({ totalMinor, chargedTotal, lines, amountsAreReduced: false });
  });
});
