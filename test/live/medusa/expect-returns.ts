import { expect } from 'vitest';
import { medusa } from '../../../connectors/medusa/index.ts';
import { residualOf, type ConnectorBench } from './connector-bench.ts';
import { beginReturn, receiveReturn } from './merchant.ts';
import type { RestClient } from './rest.ts';

/** The merchant asks for two returns of a shipped order, receives one and cancels the other. */
export async function expectReturns(admin: RestClient, { io, buyNow, read }: ConnectorBench): Promise<void> {
  const order = await buyNow([{ sku: 'MUG-ENAM', quantity: 3 }]);
  const id = order.lines[0]?.externalId ?? '';
  await medusa.shipments?.announceShipment(io(), {
    orderExternalId: order.externalId,
    packageReference: 'package-returned',
    trackingNumber: 'BACK-1',
    carrier: 'DHL',
    trackingUrl: null,
    shippedAt: new Date(),
    lines: [{ lineExternalId: id, quantity: 2 }],
  });
  const shipped = await read(order.externalId);
  const asked = await beginReturn(admin, order.externalId, id);
  expect((await read(order.externalId)).returns, 'a draft').toEqual([]);
  await admin.post(`/admin/returns/${asked}/request`);
  const requested = await read(order.externalId);
  expect(requested.returns).toMatchObject([
    { externalId: asked, state: 'requested', reason: 'too small', lines: [{ lineExternalId: id, quantity: 1 }] },
  ]);
  expect(requested.updatedAt).not.toBe(shipped.updatedAt);
  await receiveReturn(admin, asked, id);
  const kept = await beginReturn(admin, order.externalId, id);
  await admin.post(`/admin/returns/${kept}/request`);
  await admin.post(`/admin/returns/${kept}/cancel`);
  const after = await read(order.externalId);
  expect(after.returns.map(({ state }) => state)).toEqual(['received', 'cancelled']);
  const { totalMinor, chargedTotal, lines } = shipped;
  expect(after).toMatchObject({ totalMinor, chargedTotal, lines, amountsAreReduced: false });
  expect(residualOf(after)).toBe(0);
}
