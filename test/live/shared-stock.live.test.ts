import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createToken } from '../../src/identity/index.ts';
import { moneyFromDecimal } from '../../src/kernel/index.ts';
import { rows } from '../../src/platform/db/index.ts';
import {
  apiClient,
  connectThroughApi,
  furnish,
  untilWithin,
  type ApiClient,
  type ApiSeller,
} from '../support/api-client.ts';
import { openStory, type Story } from '../support/story.ts';
import { catalogue } from './catalogue.ts';
import * as medusaBuyer from './medusa/buyer.ts';
import { medusaPackages } from './medusa/install.ts';
import * as medusaMerchant from './medusa/merchant.ts';
import { openShop as openMedusa, type LiveShop as LiveMedusa } from './medusa/open-shop.ts';
import type { Purchase } from './purchases.ts';
import { whyNotInstallable } from './storefront/install-from-npm.ts';
import * as vendureBuyer from './vendure/buyer.ts';
import { vendurePackages } from './vendure/install.ts';
import * as vendureMerchant from './vendure/merchant.ts';
import { openShop as openVendure, type LiveShop as LiveVendure } from './vendure/open-shop.ts';

const ordersEach = 30;
const deadlineMs = 400_000;
const until = untilWithin(deadlineMs);
const skipped = (await whyNotInstallable(vendurePackages)) ?? (await whyNotInstallable(medusaPackages));

/** Fought over: fewer than the buyers of both shops want. */
const scarce = catalogue.slice(16);
const plenty = catalogue.slice(0, 16);
const unitsOfScarce = 3;
const unitsOfPlenty = 70;

type Money = { minor: number; currency: string };
type Order = { orderId: string; shopId: string; externalId: string; total: Money };
type OrderDetail = Order & { sums: { residual: Money }; charged: { total: string; residual: string } | null };
type Shipment = { shipmentId: string; number: number; state: string; units: number; trackingNumber: string | null };
type Fulfilment = { readonly tracking: string | null; readonly units: number };

describe.skipIf(skipped !== null)('one stock sold by a real Vendure and a real Medusa', () => {
  let vendure: LiveVendure;
  let medusa: LiveMedusa;
  let story: Story;
  let api: ApiClient;
  let seller: ApiSeller;
  let medusaShopId: string;
  const sold = { vendure: [] as string[], medusa: [] as string[] };

  beforeAll(async () => {
    const { adminUrl } = inject('cluster');
    [vendure, medusa] = await Promise.all([openVendure(adminUrl, { pricesIncludeTax: true }), openMedusa(adminUrl)]);
    const origins = [new URL(vendure.server.adminApiUrl).origin, medusa.server.origin];
    story = await openStory({ privateOrigins: origins });
    const { token } = await story.run((ctx) => createToken(ctx, { name: 'live', scopes: ['*'], expiresAt: null }));
    api = apiClient(story.served.origin, token);
    seller = await furnish(api, {
      channel: 'vendure',
      settings: { adminApiUrl: vendure.server.adminApiUrl, ...vendure.server.credentials },
      // Each SKU lies in one warehouse, so orders of several lines need parcels from both.
      skus: catalogue.map(({ sku, name }, index) => {
        const units = scarce.some((entry) => entry.sku === sku) ? unitsOfScarce : unitsOfPlenty;
        return { code: sku, title: name, units: index % 2 === 0 ? [units, 0] : [0, units] };
      }),
      warehouses: ['HARBOUR', 'HINTERLAND'],
      until,
    });
    const { warehouseIds } = seller;
    const connected = await connectThroughApi(api, {
      channel: 'medusa',
      settings: medusa.settings,
      warehouseIds,
      listings: catalogue.length,
      until,
    });
    medusaShopId = connected.shopId;
    console.info('both shops are connected');
  });

  afterAll(async () => {
    await story?.close();
    await Promise.all([vendure?.close(), medusa?.close()]);
  });

  /** What the hub promises of each SKU equals what a buyer can buy, in either shop. */
  const expectSameNumbers = async (): Promise<void> => {
    await story.settle(deadlineMs);
    const inVendure = await vendureMerchant.readStock(vendure.admin);
    const inMedusa = await medusaMerchant.readStock(medusa.admin);
    const promised = await promises();
    const shown = [...seller.skuIds.keys()].map((code) => ({
      code,
      vendure: inVendure.get(code)?.saleable,
      medusa: inMedusa.get(code)?.saleable,
    }));
    expect(shown).toEqual(
      [...seller.skuIds.keys()].map((code) => {
        const units = Math.max(0, promised.get(code) ?? 0);
        return { code, vendure: units, medusa: units };
      }),
    );
  };

  const promises = async (): Promise<Map<string, number>> => {
    const codes = new Map([...seller.skuIds].map(([code, id]) => [id, code]));
    const { items } = await api.get<{ items: { skuId: string; units: number }[] }>(
      `/stock/promises?shopId=${medusaShopId}&skuIds=${[...codes.keys()].join(',')}`,
    );
    return new Map(items.map(({ skuId, units }) => [codes.get(skuId) ?? '', units]));
  };

  /** Units of each SKU on hand and reserved, shipped, and asked for in vain. */
  const stockBySku = (): Promise<{ code: string; onHand: number; reserved: number; short: number }[]> =>
    story.hub.deps.database.read((db) =>
      rows<{ code: string; onHand: number; reserved: number; short: number }>(
        db,
        sql`select s.code, l.on_hand as "onHand", l.reserved, coalesce(d.units, 0)::int8 as short
            from skus s
            join (select sku_id, sum(on_hand)::int8 as on_hand, sum(reserved)::int8 as reserved
                  from stock_levels group by sku_id) l on l.sku_id = s.id
            left join (select sku_id, sum(quantity) as units from stock_demand group by sku_id) d on d.sku_id = s.id`,
      ),
    );

  const ordersOf = async (shopId: string): Promise<Order[]> =>
    (await api.all<Order>('/orders')).filter((order) => order.shopId === shopId);

  it('shows the same stock in both shops', async () => {
    await expectSameNumbers();
    expect((await medusaMerchant.readStock(medusa.admin)).get(scarce[0]?.sku ?? '')?.saleable).toBe(unitsOfScarce);
  }, 600_000);

  it('takes in thirty orders of each shop, the last units fought over', async () => {
    const startedMs = Date.now();
    for (let index = 0; index < ordersEach; index += 1) {
      const [first, second] = await Promise.all([
        buyIn(purchase(index), (wanted) => vendureBuyer.buy(vendure.server.shopApiUrl, wanted, index)),
        buyIn(purchase(index), (wanted) => medusaBuyer.buy(medusa, wanted, index)),
      ]);
      sold.vendure.push(first);
      sold.medusa.push(second);
    }
    console.info(`${2 * ordersEach} orders placed in ${Math.round((Date.now() - startedMs) / 1000)} s`);
    await until('sixty orders', async () => ((await api.all<Order>('/orders')).length >= 2 * ordersEach ? true : null));
    const ids = async (shopId: string): Promise<string[]> =>
      (await ordersOf(shopId)).map((order) => order.externalId).toSorted();
    expect(await ids(seller.shopId)).toEqual(sold.vendure.toSorted());
    expect(await ids(medusaShopId)).toEqual(sold.medusa.toSorted());
  }, 900_000);

  it('has every total to the minor unit, and what Medusa charged with every decimal', async () => {
    const byId = new Map((await ordersOf(seller.shopId)).map((order) => [order.externalId, order.total.minor]));
    const truth = await vendureMerchant.readOrders(vendure.admin);
    expect(truth.map((order) => byId.get(order.id))).toEqual(truth.map((order) => order.totalWithTax));
    const charged = new Map((await medusaMerchant.readOrders(medusa.admin)).map((order) => [order.id, order.charged]));
    let unrounded = 0;
    for (const { orderId } of await ordersOf(medusaShopId)) {
      const order = await api.get<OrderDetail>(`/orders/${orderId}`);
      const text = charged.get(order.externalId) ?? '';
      const { amount, residual } = moneyFromDecimal(text, 'EUR');
      expect(order.charged).toEqual({ total: text, residual });
      expect(order.total).toEqual(amount);
      expect(order.sums.residual.minor, 'lines, shipping and discounts sum to the total').toBe(0);
      if (!/^0(\.0+)?$/.test(residual)) unrounded += 1;
    }
    expect(unrounded, 'orders charged in fractions of a cent').toBeGreaterThan(0);
  });

  it('allocates no unit twice, and both shops show what is left', async () => {
    await expectSameNumbers();
    const stock = await stockBySku();
    for (const { code, onHand, reserved, short } of stock) {
      const received = scarce.some(({ sku }) => sku === code) ? unitsOfScarce : unitsOfPlenty;
      expect(onHand, code).toBe(received);
      expect(reserved, code).toBeLessThanOrEqual(received);
      expect(short === 0 || reserved === received, `${code}: an order waits though units are free`).toBe(true);
    }
    const fought = stock.filter(({ code }) => scarce.some(({ sku }) => sku === code));
    expect(fought.map(({ reserved }) => reserved)).toEqual(fought.map(() => unitsOfScarce));
  }, 600_000);

  it('announces each parcel once in its own shop', async () => {
    const planned = await api.all<Shipment>('/shipments?state=planned');
    await api.post('/shipments/ship-out', {
      shipments: planned.map(({ shipmentId, number }) => ({
        shipmentId,
        carrier: 'DHL',
        trackingNumber: `JD${number}`,
        trackingUrl: `https://track.example.com/JD${number}`,
        service: null,
      })),
    });
    await expectSameNumbers();
    const inVendure = await vendureMerchant.readOrders(vendure.admin);
    await expectParcels(
      seller.shopId,
      new Map(
        inVendure.map((order) => [
          order.id,
          order.fulfilments.map(({ trackingCode, units }) => ({ tracking: trackingCode, units })),
        ]),
      ),
    );
    const inMedusa = await medusaMerchant.readOrders(medusa.admin);
    await expectParcels(medusaShopId, new Map(inMedusa.map((order) => [order.id, order.fulfilments])));
    expect(inMedusa.some((order) => order.fulfilments.length > 1)).toBe(true);
  }, 600_000);

  /** Every shipped parcel of the hub is in the shop once, with its number and its units, and nothing else is. */
  async function expectParcels(shopId: string, shown: ReadonlyMap<string, readonly Fulfilment[]>): Promise<void> {
    for (const { orderId, externalId } of await ordersOf(shopId)) {
      const shipments = await api.all<Shipment>(`/shipments?orderId=${orderId}`);
      const ours = shipments
        .filter((shipment) => shipment.state === 'shipped')
        .map(({ trackingNumber, units }) => `${trackingNumber}: ${units}`);
      const theirs = (shown.get(externalId) ?? []).map(({ tracking, units }) => `${tracking}: ${units}`);
      expect(theirs.toSorted(), externalId).toEqual(ours.toSorted());
    }
  }
});

/**
 * What buyer number `index` of either shop wants. The last eight of each shop fight: one unit of a scarce SKU, two buyers of
 * each shop for each, at once.
 */
function purchase(index: number): Purchase {
  const common = {
    withCoupon: index % 3 !== 0,
    express: index % 4 === 1,
    asMember: index % 7 === 3,
    authoriseOnly: false,
  };
  const fight = index - (ordersEach - 2 * scarce.length);
  if (fight >= 0) return { ...common, lines: [{ sku: scarce[fight % scarce.length]?.sku ?? '', quantity: 1 }] };
  const at = (step: number): string => plenty[(index * 3 + step) % plenty.length]?.sku ?? '';
  const lines = [
    { sku: at(0), quantity: 1 + (index % 3) },
    { sku: at(1), quantity: 2 },
  ];
  return { ...common, lines: index % 2 === 0 ? lines : lines.slice(0, 1) };
}

/** A buyer who finds the shelf empty takes something else, so that every buyer buys. */
async function buyIn(wanted: Purchase, buy: (purchase: Purchase) => Promise<{ readonly id: string }>): Promise<string> {
  try {
    return (await buy(wanted)).id;
  } catch (error) {
    if (!/stock|inventory/i.test(String(error))) throw error;
    return (await buy({ ...wanted, lines: [{ sku: plenty[0]?.sku ?? '', quantity: 1 }] })).id;
  }
}
