import { expect } from 'vitest';
import { advanceShipments, allocate, shipOut } from '../../../src/fulfilment/index.ts';
import { compareDemand } from '../../../src/stock/index.ts';
import type { DomainEvent } from '../../../src/platform/db/index.ts';
import { makeOrders, receive } from '../factories/stock.ts';
import {
  addOnHand,
  command,
  freeUnits,
  hasOpen,
  isBlocked,
  openShipments,
  partOf,
  pick,
  run,
  type Command,
  type Part,
} from './walk.ts';

export function receiveCommand(sku: number, house: number, quantity: number): Command {
  return command(
    `receive ${quantity} of ${sku} in ${house}`,
    () => true,
    async (model, real) => {
      const [skuId, warehouseId] = [pick(real.world.skuIds, sku), pick(real.world.warehouseIds, house)];
      await run(real, (ctx) => receive(ctx, [{ skuId, warehouseId, quantity }]));
      addOnHand(model, skuId, warehouseId, quantity);
    },
  );
}

export function orderCommand(lines: readonly (readonly [number, number])[]): Command {
  return command(
    `order ${JSON.stringify(lines)}`,
    () => true,
    async (model, real) => {
      const placed = model.parts.length;
      const wanted = lines.map(([sku, quantity]) => ({ skuId: pick(real.world.skuIds, sku), quantity }));
      const [order] = await run(real, (ctx) =>
        makeOrders(ctx, [
          { shopId: pick(real.world.shopIds, 0), lines: wanted, placedAt: new Date(placed), mergeKey: 'one' },
        ]),
      );
      order?.partIds.forEach((partId, index) => {
        const { skuId, quantity } = pick(wanted, index);
        const none = { cancelled: 0, shipped: 0, reserved: 0 };
        model.parts.push({
          partId,
          orderId: order.orderId,
          skuId,
          ordered: quantity,
          ...none,
          demand: quantity,
          isHeld: false,
          placed,
        });
      });
    },
  );
}

/** Every warehouse serves the shop, so what is reserved depends on rank and totals alone. */
export function allocateCommand(): Command {
  return command(
    'allocate',
    () => true,
    async (model, real) => {
      const raised: DomainEvent[] = [];
      for (let more = true; more;) {
        more = (await run(real, (ctx) => allocate(ctx, 2))).more;
        raised.push(...real.events);
      }
      real.events = raised;
      const rank = (part: Part) => ({
        orderId: part.orderId as never,
        priority: 0,
        shipBy: null,
        paidAt: null,
        placedAt: new Date(part.placed),
      });
      const waiting = model.parts.filter((part) => !part.isHeld && part.demand > 0);
      waiting.sort((a, b) => compareDemand(rank(a), rank(b)) || (a.partId < b.partId ? -1 : 1));
      for (const part of waiting) {
        const units = Math.min(part.demand, freeUnits(model, part.skuId));
        part.demand -= units;
        part.reserved += units;
      }
    },
  );
}

export function shipCommand(seed: number): Command {
  return command(`ship ${seed}`, hasOpen, async (model, real) => {
    const shipment = pick(await openShipments(real), seed);
    const input = {
      shipmentId: shipment.shipmentId,
      carrier: 'DHL',
      trackingNumber: `${seed}`,
      trackingUrl: null,
      service: null,
    };
    const ship = run(real, (ctx) => shipOut(ctx, [input]));
    if (isBlocked(model, shipment)) return expect(ship).rejects.toMatchObject({ code: 'shipment.order_blocked' });
    await ship;
    for (const line of shipment.lines) {
      const part = partOf(model, line.partId);
      part.reserved -= line.quantity;
      part.shipped += line.quantity;
      addOnHand(model, line.skuId, shipment.warehouseId, -line.quantity);
    }
  });
}

export function advanceCommand(seed: number): Command {
  const next = {
    planned: 'released',
    released: 'picked',
    picked: 'packed',
    packed: 'picked',
    labelled: 'packed',
  } as const;
  return command(`advance ${seed}`, hasOpen, async (model, real) => {
    const shipment = pick(await openShipments(real), seed);
    if (shipment.state === 'shipped' || shipment.state === 'cancelled') return;
    const to = next[shipment.state];
    const back = shipment.state === 'packed' || shipment.state === 'labelled';
    const advance = run(real, (ctx) => advanceShipments(ctx, [{ shipmentId: shipment.shipmentId, to }]));
    if (!back && isBlocked(model, shipment))
      return expect(advance).rejects.toMatchObject({ code: 'shipment.order_blocked' });
    await advance;
  });
}
