import type { OpenAPIHono } from '@hono/zod-openapi';
import { beforeAll, expect, test } from 'vitest';
import { quietLog } from '../../test/support/quiet-log.ts';
import { at, useFloor } from '../../test/support/factories/shipments.ts';
import { newId, type Page } from '../kernel/index.ts';
import type { Actor, AnyDb } from '../platform/db/index.ts';
import { createApp, routesWithoutScope, type AppEnv } from '../platform/http/index.ts';
import {
  availableToPromise,
  findDueDemand,
  findOpenDemandForOrders,
  findServingWarehouses,
  listLevels,
  listMoves,
  listWarehouses,
  readDemand,
  readLevels,
  stockRoutes,
} from '../stock/index.ts';
import { getShipment, listShipments, shipmentRoutes, type ShipmentItem } from './index.ts';

const floor = useFloor();
const { database, open, allocateAll, shipmentsOf } = floor;
let app: OpenAPIHono<AppEnv>;

beforeAll(() => {
  app = createApp({
    database,
    log: quietLog,
    authenticate: async (token): Promise<Actor> => ({
      kind: 'token',
      id: newId(),
      name: token,
      scopes: token.split(','),
    }),
  });
  app.route('/api/v1', stockRoutes());
  app.route('/api/v1', shipmentRoutes());
  app.doc31('/openapi.json', { openapi: '3.1.0', info: { title: 'test', version: '0' } });
});

type Answer = { readonly status: number; readonly body: Record<string, never> };

async function call(method: string, path: string, body?: unknown, scopes = '*'): Promise<Answer> {
  const answer = await app.request(`/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${scopes}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}

test('every route declares its scope and stands in the OpenAPI document', async () => {
  expect(routesWithoutScope(app)).toEqual([]);
  const document = (await (await app.request('/openapi.json')).json()) as { paths: Record<string, unknown> };
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(['/api/v1/stock/levels', '/api/v1/shipments/merge', '/api/v1/stock/adjustments']),
  );
});

test('a parcel is found, shipped out and corrected by its routes', async () => {
  const { orders, skuIds } = await open([[3]], [{ lines: [[0, 2]] }]);
  await allocateAll();
  const { shipmentId, number } = at(await shipmentsOf(at(orders).orderId));
  const listed = await call('GET', `/shipments?state=planned&orderId=${at(orders).orderId}`);
  expect(listed.body).toMatchObject({ items: [{ shipmentId, number, units: 2 }], next: null });
  expect((await call('GET', `/shipments/${shipmentId}`)).body).toMatchObject({
    lines: [{ skuId: at(skuIds), quantity: 2 }],
  });
  const tracking = { carrier: 'DHL', trackingNumber: 'T1' };
  const ship = () => call('POST', `/shipments/${shipmentId}/ship-out`, tracking);
  expect(await ship()).toMatchObject({ status: 200, body: { outcome: 'shipped' } });
  expect(await ship()).toMatchObject({ status: 200, body: { outcome: 'unchanged' } });
  const other = await call('POST', `/shipments/${shipmentId}/ship-out`, { ...tracking, trackingNumber: 'T2' });
  expect(other).toMatchObject({ status: 409, body: { code: 'shipment.already_shipped' } });
  const correction = await call('PUT', `/shipments/${shipmentId}/tracking`, { ...tracking, trackingNumber: 'T2' });
  expect(correction).toMatchObject({ status: 200, body: { isChanged: true } });
  expect((await call('GET', `/shipments/${newId()}`)).status).toBe(404);
});

test('goods are received, adjusted and listed by their routes, and a reader may not', async () => {
  const { skuIds, warehouseIds, shopIds } = await open([[1]], []);
  const [skuId, warehouseId] = [at(skuIds), at(warehouseIds)];
  const receipts = [{ skuId, warehouseId, quantity: 4, unitCost: '2.5', costCurrency: 'EUR' }];
  expect(await call('POST', '/stock/receipts', { receipts })).toMatchObject({ status: 201, body: { received: 4 } });
  expect((await call('POST', '/stock/receipts', { receipts }, 'stock:read')).status).toBe(403);
  const lines = [{ skuId, warehouseId, delta: -2, note: 'broken' }];
  expect(await call('POST', '/stock/adjustments', { lines })).toMatchObject({ status: 200, body: { released: 0 } });
  expect((await call('POST', '/stock/adjustments', { lines: [{ ...lines[0], delta: 0 }] })).status).toBe(400);
  expect((await call('GET', `/stock/levels?skuId=${skuId}`)).body).toMatchObject({
    items: [{ onHand: 3, reserved: 0 }],
  });
  expect((await call('GET', `/stock/moves?skuId=${skuId}`)).body).toMatchObject({ items: [{}, {}, {}] });
  const promises = await call('GET', `/stock/promises?shopId=${at(shopIds)}&skuIds=${skuId}`);
  expect(promises.body).toEqual({ items: [{ skuId, units: 3 }] });
});

test('both drivers read the same', async () => {
  const { orders, skuIds, shopIds } = await open(
    [[3, 1]],
    [{ lines: [[0, 2]] }, { lines: [[0, 9]], more: { shipBy: new Date(0) } }],
  );
  await allocateAll();
  const { shipmentId } = at(await shipmentsOf(at(orders, 1).orderId));
  const page = { after: null, limit: 3 };
  const queries: readonly ((db: AnyDb) => Promise<unknown>)[] = [
    (db) => availableToPromise(db, at(shopIds), skuIds),
    (db) => findDueDemand(db, 5),
    (db) =>
      findOpenDemandForOrders(
        db,
        orders.map((order) => order.orderId),
      ),
    (db) => findServingWarehouses(db, shopIds),
    (db) => listLevels(db, page),
    (db) => listMoves(db, page),
    (db) => listWarehouses(db),
    (db) =>
      readDemand(
        db,
        orders.flatMap((order) => order.partIds),
      ),
    (db) => readLevels(db, skuIds),
    (db) => listShipments(db, page),
    (db) => getShipment(db, shipmentId),
  ];
  for (const query of queries) {
    const read = await database.read(query);
    expect(await database.run((ctx) => query(ctx.tx))).toEqual(read);
    expect(read).not.toBeNull();
  }
});

test('shipments and moves are paged without a gap or a repeat', async () => {
  const { orders } = await open(
    [[9]],
    Array.from({ length: 5 }, () => ({ lines: [[0, 1]] as [number, number][] })),
  );
  await allocateAll();
  const seen: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const from: string | null = after;
    const found: Page<ShipmentItem> = await database.read((db) => listShipments(db, { after: from, limit: 2 }));
    seen.push(...found.items.map((item) => item.shipmentId));
    after = found.next;
    more = after !== null;
  }
  expect(new Set(seen).size).toBe(seen.length);
  for (const { orderId } of orders) expect(seen).toContain(at(await shipmentsOf(orderId)).shipmentId);
});
