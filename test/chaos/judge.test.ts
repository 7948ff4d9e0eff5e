import { describe, expect, it } from 'vitest';
import { judge } from './judge.ts';
import type { AcknowledgedWrite, Evidence, HubBook, ShopBook } from './journal.ts';

const shopId = 'shop-1';
const line = { sku: 'MUG', quantity: 2, cancelledQuantity: 0 };
const order = { externalId: 'A', totalMinor: 1_250, isCancelled: false, lines: [line] };
const cancelled = { ...order, externalId: 'B', isCancelled: true, lines: [{ ...line, cancelledQuantity: 2 }] };
const answered = [{ shopId, eventId: 'evt_1_A', orderExternalId: 'A' }];
const shipOut: AcknowledgedWrite = { kind: 'ship_out', shipmentId: 'parcel', trackingNumber: 'T-1' };
const refund = { shopId, orderExternalId: 'A', requestId: 'r-1', amountMinor: 150 };
const cancel: AcknowledgedWrite = { kind: 'cancel', shopId, orderExternalId: 'B', requestId: 'c-1' };

const shop: ShopBook = {
  shopId,
  orders: [order, cancelled],
  packages: [{ orderExternalId: 'A', trackingNumber: 'T-1' }],
  refunds: [refund],
  cancels: [{ orderExternalId: 'B' }],
  saleable: new Map([['MUG', 8]]),
};

const hub: HubBook = {
  webhooks: new Set([`${shopId} evt_1_A`]),
  orders: [
    { shopId, externalId: 'A', totalMinor: 1_250, isCancelled: false },
    { shopId, externalId: 'B', totalMinor: 1_250, isCancelled: true },
  ],
  shipped: [{ shipmentId: 'parcel', trackingNumber: 'T-1', shopId, orderExternalId: 'A' }],
};

const clean: Evidence = {
  answered,
  acknowledged: [shipOut, { kind: 'refund', ...refund }, cancel],
  shops: [shop],
  hub,
  received: new Map([['MUG', 10]]),
};

/** Evidence in which one thing is not as it should be, and what the judge must say of it. */
const planted: Record<string, readonly [evidence: Evidence, verdict: string]> = {
  'a webhook answered before it was committed': [
    { ...clean, hub: { ...hub, webhooks: new Set() } },
    'lost: webhook evt_1_A, answered 2xx',
  ],
  'a webhook whose order was never made': [
    { ...clean, answered: [...answered, { shopId, eventId: 'evt_1_A', orderExternalId: 'C' }] },
    'lost: order C, whose webhook was answered 2xx',
  ],
  'an order that no poll has found': [
    { ...clean, hub: { ...hub, orders: hub.orders.slice(1) }, answered: [] },
    'lost: order shop-1 A',
  ],
  'an order taken in twice': [
    { ...clean, hub: { ...hub, orders: [...hub.orders, ...hub.orders.slice(0, 1)] } },
    'double: order shop-1 A',
  ],
  'an order that nobody has sold': [
    {
      ...clean,
      hub: { ...hub, orders: [...hub.orders, { shopId, externalId: 'X', totalMinor: 1, isCancelled: false }] },
    },
    'invented: order X',
  ],
  'a total that differs': [
    { ...clean, shops: [{ ...shop, orders: [{ ...order, totalMinor: 1_251 }, cancelled] }] },
    'wrong: order A has another total',
  ],
  'a cancel that the hub has not heard of': [
    { ...clean, hub: { ...hub, orders: hub.orders.map((each) => ({ ...each, isCancelled: false })) } },
    'wrong: order B is cancelled on one side',
  ],
  'a ship-out that was acknowledged and forgotten': [
    { ...clean, hub: { ...hub, shipped: [] }, shops: [{ ...shop, packages: [] }] },
    'lost: ship-out of parcel with T-1, acknowledged',
  ],
  'a package that the shop was never told': [
    { ...clean, shops: [{ ...shop, packages: [] }] },
    'lost: package A T-1 is not in the shop',
  ],
  'a package twice in the journal of the shop': [
    { ...clean, shops: [{ ...shop, packages: [...shop.packages, ...shop.packages] }] },
    'double: package A T-1, 2 times',
  ],
  'a package that never left': [
    { ...clean, shops: [{ ...shop, packages: [...shop.packages, { orderExternalId: 'A', trackingNumber: 'T-9' }] }] },
    'invented: package A T-9',
  ],
  'a refund that was acknowledged and forgotten': [
    { ...clean, shops: [{ ...shop, refunds: [] }] },
    'lost: refund r-1, acknowledged',
  ],
  'money paid back twice': [
    { ...clean, shops: [{ ...shop, refunds: [refund, refund] }] },
    'double: refund r-1, 2 times',
  ],
  'money that nobody asked to pay back': [
    { ...clean, acknowledged: [shipOut, cancel] },
    'invented: refund r-1 of A in shop shop-1',
  ],
  'another amount paid back than was asked': [
    { ...clean, shops: [{ ...shop, refunds: [{ ...refund, amountMinor: 151 }] }] },
    'wrong: refund r-1 has another amount or order',
  ],
  'a cancel that was acknowledged and forgotten': [
    { ...clean, shops: [{ ...shop, cancels: [] }] },
    'lost: cancel of B, acknowledged',
  ],
  'a cancel that nobody asked for': [
    { ...clean, acknowledged: [shipOut, { kind: 'refund', ...refund }] },
    `invented: cancel of B in shop ${shopId}`,
  ],
  'a cancel sent twice': [
    { ...clean, shops: [{ ...shop, cancels: [...shop.cancels, ...shop.cancels] }] },
    'double: cancel of B, 2 times',
  ],
  'a number that would oversell': [
    { ...clean, shops: [{ ...shop, saleable: new Map([['MUG', 9]]) }] },
    'wrong: shop shop-1 shows 9 of MUG, and 8 can be sold',
  ],
};

describe('the judge of a chaos run', () => {
  it('has nothing to say of a clean one', () => {
    expect(judge(clean)).toEqual([]);
  });

  it('wants zero shown of what is sold out, however far', () => {
    const shown = { ...shop, saleable: new Map([['MUG', 0]]) };
    expect(judge({ ...clean, shops: [shown], received: new Map([['MUG', 1]]) })).toEqual([]);
  });

  it.each(Object.entries(planted))('finds %s', (_name, [evidence, verdict]) => {
    expect(judge(evidence)).toContain(verdict);
  });
});
