import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { adjustStock, mergeShipments, splitShipment, withdrawUnits } from '../../../src/fulfilment/index.ts';
import { placeHolds, releaseHolds } from '../../../src/orders/index.ts';
import { rows } from '../../../src/platform/db/index.ts';
import { cancelDemand } from '../../../src/stock/index.ts';
import { levelOf, readPicture } from './picture.ts';
import { addOnHand, command, hasOpen, isBlocked, openShipments, pick, run, type Command } from './walk.ts';

export function withdrawCommand(seed: number, quantity: number): Command {
  return command(`withdraw ${quantity} of ${seed}`, hasOpen, async (model, real) => {
    const part = pick(model.parts, seed);
    const loose = (await openShipments(real))
      .filter((shipment) => shipment.state !== 'packed')
      .flatMap((shipment) => shipment.lines)
      .filter((line) => line.partId === part.partId)
      .reduce((sum, line) => sum + line.quantity, 0);
    const units = Math.min(quantity, loose);
    const answer = await run(real, (ctx) => withdrawUnits(ctx, [{ partId: part.partId, quantity }]));
    expect(answer).toEqual([{ partId: part.partId, withdrawn: units }]);
    part.reserved -= units;
    part.demand += units;
  });
}

export function cancelCommand(seed: number): Command {
  return command(
    `cancel ${seed}`,
    (model) => model.parts.some((part) => part.demand > 0),
    async (model, real) => {
      const part = pick(
        model.parts.filter((one) => one.demand > 0),
        seed,
      );
      await run(real, async (ctx) => {
        await cancelDemand(ctx, [{ partId: part.partId, quantity: 1 }]);
        await rows(ctx.tx, sql`update order_line_parts set cancelled = cancelled + 1 where id = ${part.partId}`);
      });
      part.demand -= 1;
      part.cancelled += 1;
    },
  );
}

export function holdCommand(seed: number): Command {
  return command(
    `hold or release ${seed}`,
    (model) => model.parts.length > 0,
    async (model, real) => {
      const { orderId, isHeld } = pick(model.parts, seed);
      const hold = { orderId: orderId as never, kind: 'manual' as const, cause: {} };
      await run(real, (ctx) => (isHeld ? releaseHolds(ctx, [hold]) : placeHolds(ctx, [hold])));
      for (const part of model.parts) if (part.orderId === orderId) part.isHeld = !isHeld;
    },
  );
}

export function splitCommand(seed: number): Command {
  return command(`split ${seed}`, hasOpen, async (_model, real) => {
    const fit = (await openShipments(real)).filter((one) => one.units > 1 && one.state !== 'packed');
    if (fit.length === 0) return;
    const shipment = pick(fit, seed);
    const { shipmentLineId } = pick(shipment.lines, seed);
    await run(real, (ctx) =>
      splitShipment(ctx, { shipmentId: shipment.shipmentId, lines: [{ shipmentLineId, quantity: 1 }] }),
    );
  });
}

export function mergeCommand(seed: number): Command {
  return command(`merge ${seed}`, hasOpen, async (model, real) => {
    const planned = (await openShipments(real)).filter((one) => one.state === 'planned' && !isBlocked(model, one));
    const first = planned[seed % Math.max(1, planned.length)];
    const same = planned.filter((one) => one.warehouseId === first?.warehouseId);
    if (same.length < 2) return;
    await run(real, (ctx) => mergeShipments(ctx, { shipmentIds: same.map((one) => one.shipmentId) }));
  });
}

/** Which orders lose units is the planner's choice: totals are predicted, parts are read back once they agree. */
export function loseCommand(sku: number, house: number, delta: number): Command {
  return command(
    `adjust ${delta} of ${sku} in ${house}`,
    () => true,
    async (model, real) => {
      const [skuId, warehouseId] = [pick(real.world.skuIds, sku), pick(real.world.warehouseIds, house)];
      const key = levelOf(skuId, warehouseId);
      const onHand = model.onHand.get(key) ?? 0;
      const packed = (await openShipments(real))
        .filter((one) => one.state === 'packed' && one.warehouseId === warehouseId)
        .flatMap((one) => one.lines)
        .filter((line) => line.skuId === skuId)
        .reduce((sum, line) => sum + line.quantity, 0);
      const before = (await readPicture(real.database, [skuId])).reserved.get(key) ?? 0;
      const line = { skuId, warehouseId, delta, reason: 'counted' as const, note: null };
      const adjust = run(real, (ctx) => adjustStock(ctx, [line]));
      if (onHand + delta < packed) return expect(adjust).rejects.toMatchObject({ kind: 'conflict' });
      await adjust;
      addOnHand(model, skuId, warehouseId, delta);
      const picture = await readPicture(real.database, real.world.skuIds);
      expect(picture.reserved.get(key) ?? 0).toBe(Math.min(before, onHand + delta));
      for (const part of model.parts) {
        const now = picture.parts.get(part.partId);
        if (part.skuId !== skuId || now === undefined) continue;
        expect(now.reserved + now.demand).toBe(part.reserved + part.demand);
        part.reserved = now.reserved;
        part.demand = now.demand;
      }
    },
  );
}
