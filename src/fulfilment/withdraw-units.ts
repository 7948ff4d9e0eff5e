import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import {
  groupBy,
  positiveQuantity,
  type OrderId,
  type PartId,
  type ShipmentId,
  type ShipmentLineId,
} from '../kernel/index.ts';
import { addTimeline, lockOrders } from '../orders/index.ts';
import { list, onBehalf, rows, type AnyDb, type Ctx } from '../platform/db/index.ts';
import { closeExceptions, openExceptions } from '../platform/exceptions/index.ts';
import { readDemand, release } from '../stock/index.ts';
import { lockShipments } from './locks.ts';
import { isKept, progress, type ShipmentState } from './shipment-states.ts';
import { takeOffLines } from './write-lines.ts';

export type Withdrawal = {
  readonly partId: PartId;
  /** SKU units to bring back from shipments into demand, at least 1. */
  readonly quantity: number;
};

export type OpenLine = {
  readonly shipmentLineId: ShipmentLineId;
  readonly shipmentId: ShipmentId;
  readonly number: number;
  readonly state: ShipmentState;
  readonly orderId: OrderId;
  readonly partId: PartId;
  readonly quantity: number;
};

/**
 * Brings units back from open shipments into demand, the least advanced and newest shipment first; empty shipments become
 * cancelled. From packing on goods are kept: then fewer are withdrawn than asked and an exception is opened.
 */
export async function withdrawUnits(
  ctx: Ctx,
  withdrawals: readonly Withdrawal[],
): Promise<{ readonly partId: PartId; readonly withdrawn: number }[]> {
  authorise(ctx, 'shipments:write');
  if (withdrawals.length === 0) return [];
  withdrawals.forEach(({ quantity }, index) => positiveQuantity(quantity, `withdrawals.${index}.quantity`));
  const inner = onBehalf(ctx, 'withdraw_units');
  const wanted = new Map<PartId, number>();
  for (const { partId, quantity } of withdrawals) wanted.set(partId, (wanted.get(partId) ?? 0) + quantity);
  const lines = await lockOpenLines(inner, [...wanted.keys()]);
  const { taken, kept } = planWithdrawal(wanted, lines);
  if (taken.length > 0) {
    await release(inner, taken);
    const cancelled = await takeOffLines(inner, taken);
    await addTimeline(
      inner,
      [...groupBy(taken, (line) => line.orderId)].map(([orderId, own]) => ({
        orderId,
        kind: 'units_withdrawn',
        data: {
          lines: own.map(({ number, partId, quantity }) => ({ shipment: number, partId, quantity })),
          cancelledShipments: own.filter((line) => cancelled.includes(line.shipmentId)).map((line) => line.number),
        },
      })),
    );
  }
  await closeExceptions(
    inner,
    taken.map(({ shipmentId }) => ({ kind: 'shipment.order_changed', subjectKind: 'shipment', subjectId: shipmentId })),
  );
  await openOrderChanged(inner, kept);
  const units = groupBy(taken, (line) => line.partId);
  return [...wanted.keys()].map((partId) => ({
    partId,
    withdrawn: (units.get(partId) ?? []).reduce((sum, line) => sum + line.quantity, 0),
  }));
}

/** With its order locked, nobody else moves units of a part between shipments. */
async function lockOpenLines(ctx: Ctx, partIds: readonly PartId[]): Promise<OpenLine[]> {
  const demand = await readDemand(ctx.tx, partIds);
  await lockOrders(ctx, [...new Set([...demand.values()].map((one) => one.orderId))]);
  const open = await readOpenLines(ctx.tx, partIds);
  await lockShipments(ctx, [...new Set(open.map((line) => line.shipmentId))]);
  return readOpenLines(ctx.tx, partIds);
}

function readOpenLines(db: AnyDb, partIds: readonly PartId[]): Promise<OpenLine[]> {
  return rows<OpenLine>(
    db,
    sql`select line.id as "shipmentLineId", line.shipment_id as "shipmentId", shipment.number, shipment.state,
          line.order_id as "orderId", line.part_id as "partId", line.quantity
        from shipment_lines line join shipments shipment on shipment.id = line.shipment_id
        where line.part_id = any(${list('uuid', partIds)}) and line.quantity > 0
          and shipment.state not in ('shipped', 'cancelled')
        order by line.id`,
  );
}

/** Which units come back, and the packed lines that would have been needed for the rest. */
function planWithdrawal(
  wanted: ReadonlyMap<PartId, number>,
  lines: readonly OpenLine[],
): { readonly taken: readonly OpenLine[]; readonly kept: readonly OpenLine[] } {
  const open = new Map(wanted);
  const taken: OpenLine[] = [];
  const kept: OpenLine[] = [];
  const sorted = [...lines].sort((a, b) => progress[a.state] - progress[b.state] || b.number - a.number);
  for (const line of sorted) {
    const quantity = Math.min(line.quantity, open.get(line.partId) ?? 0);
    if (quantity === 0) continue;
    if (isKept(line.state)) kept.push({ ...line, quantity });
    else {
      taken.push({ ...line, quantity });
      open.set(line.partId, (open.get(line.partId) ?? 0) - quantity);
    }
  }
  return { taken, kept };
}

async function openOrderChanged(ctx: Ctx, kept: readonly OpenLine[]): Promise<void> {
  await openExceptions(
    ctx,
    [...groupBy(kept, (line) => line.shipmentId)].map(([shipmentId, lines]) => ({
      kind: 'shipment.order_changed',
      subjectKind: 'shipment',
      subjectId: shipmentId,
      shopId: null,
      cause: {
        state: lines[0]?.state,
        lines: lines.map(({ orderId, partId, quantity }) => ({ orderId, partId, quantity })),
      },
      nextStep: 'Unpack the parcel and withdraw the units, or ship it as it is and settle it with the buyer.',
    })),
  );
}
