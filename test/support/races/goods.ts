import { expect } from 'vitest';
import type { ChannelOrder } from '../../../src/connector-kit/index.ts';
import { takeInOrders, type ShipOut } from '../../../src/fulfilment/index.ts';
import type { ShipmentId } from '../../../src/kernel/index.ts';
import type { Ctx } from '../../../src/platform/db/index.ts';
import { documentOf, soldLine, soldOrder } from '../factories/channel-order.ts';
import { receive } from '../factories/stock.ts';
import { sum } from '../model/model.ts';
import type { Observed } from '../model/observe.ts';
import { listingOf } from '../model/world.ts';
import { at, type Round } from './contest.ts';

/** So many units of the first SKUs, in the first warehouse. */
export function stockUp(round: Round, ...units: readonly number[]): Promise<void> {
  const { warehouseId, skuIds } = round;
  return round.world.database.run((ctx) =>
    receive(
      ctx,
      units.map((quantity, sku) => ({ skuId: at(skuIds, sku), warehouseId, quantity })),
    ),
  );
}

/** An order of the round, lines as `[SKU, quantity]`; the third SKU and the first are sold by the piece. */
export function soldIn(
  { walk }: Round,
  name: string | number,
  lines: readonly (readonly [number, number])[],
  facts: Partial<ChannelOrder> = {},
): ChannelOrder {
  return soldOrder(`${walk}${name}`, {
    lines: lines.map(([sku, quantity], index) =>
      soldLine(`l${index}`, { listingExternalId: listingOf(walk, sku), quantity }),
    ),
    ...facts,
  });
}

/** Takes in documents of the round's shop as read `atMs` into it; none may be parked. */
export async function takeIn(ctx: Ctx, round: Round, orders: readonly ChannelOrder[], atMs = 0): Promise<void> {
  const documents = orders.map((order) => documentOf(order, atMs));
  const results = await takeInOrders(ctx, round.world.deps, round.shopId, documents);
  expect(results.filter(({ outcome }) => outcome === 'parked')).toEqual([]);
}

export const sell = (round: Round, ...orders: readonly ChannelOrder[]) =>
  round.world.database.run((ctx) => takeIn(ctx, round, orders));

export const tracked = (shipmentId: ShipmentId): ShipOut => ({
  shipmentId,
  carrier: 'DHL',
  trackingNumber: shipmentId,
  trackingUrl: null,
  service: null,
});

export const unitsOf = (seen: Observed, of: 'demand' | 'reserved' | 'shipped' | 'cancelled' | 'returned'): number =>
  sum(seen.parts, (part) => part[of]);

export const openParcelIds = (seen: Observed): ShipmentId[] =>
  seen.parcels
    .filter(({ state }) => state !== 'shipped' && state !== 'cancelled')
    .toSorted((a, b) => a.number - b.number)
    .map(({ id }) => id);
