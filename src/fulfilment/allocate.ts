import { authorise } from '../identity/index.ts';
import { groupBy, newId } from '../kernel/index.ts';
import { addTimeline, lockOrders } from '../orders/index.ts';
import { onBehalf, type Ctx } from '../platform/db/index.ts';
import { closeExceptions } from '../platform/exceptions/index.ts';
import {
  clearDemandDue,
  findDueDemand,
  findOpenDemandForOrders,
  findServingWarehouses,
  lockLevels,
  reserve,
  type Demand,
  type Level,
  type ServingWarehouse,
} from '../stock/index.ts';
import { fewestParcels } from './allocation/fewest-parcels.ts';
import type { AllocationPolicy, DemandGroup, OrderPlan } from './allocation/policy.ts';
import { leaveOutOvertaken } from './overtaken.ts';
import { lockPlannedShipments, type PlannedShipment } from './planned-shipments.ts';
import { storePlan, type StoredLine } from './store-plan.ts';

export type Allocated = {
  /** SKU units reserved by this batch, and units that stay demand. */
  readonly assigned: number;
  readonly short: number;
  /** There may be more that is due: call again. */
  readonly more: boolean;
};

type Batch = {
  readonly more: boolean;
  readonly demand: readonly Demand[];
  readonly planned: readonly PlannedShipment[];
  readonly warehouses: readonly ServingWarehouse[];
  readonly levels: readonly Level[];
};

/**
 * One batch of the allocation lane: the orders of the `limit` most urgent due demands, whole. Held orders are left alone. A
 * constant number of statements, however many orders.
 */
export async function allocate(ctx: Ctx, limit: number, policy: AllocationPolicy = fewestParcels): Promise<Allocated> {
  authorise(ctx, 'shipments:write');
  const inner = onBehalf(ctx, 'allocate');
  const batch = await lockBatch(inner, limit);
  if (batch.demand.length === 0) return { assigned: 0, short: 0, more: batch.more };
  const plan = policy(
    toGroups(batch),
    batch.levels.map((level) => ({ ...level, free: level.onHand - level.reserved })),
    batch.warehouses,
  );
  const stored = await storePlan(inner, plan.orders, batch.planned);
  await reserve(
    inner,
    stored.map((line) => ({ ...line, reservationId: newId<'reservation'>(), expiresAfter: null })),
  );
  const short = plan.orders.flatMap((order) => order.short);
  await clearDemandDue(
    inner,
    short.map((line) => line.partId),
  );
  await tell(inner, plan.orders, stored);
  await closeExceptions(
    inner,
    plan.orders
      .filter((order) => order.short.length === 0)
      .map(({ orderId }) => ({ kind: 'stock.reservation_lost', subjectKind: 'order', subjectId: orderId })),
  );
  return {
    assigned: sum(stored),
    short: sum(short),
    more: batch.more,
  };
}

async function lockBatch(ctx: Ctx, limit: number): Promise<Batch> {
  const due = await findDueDemand(ctx.tx, limit);
  const full = due.length === limit;
  const orderIds = await lockOrders(ctx, [...new Set(due.map((demand) => demand.orderId))]);
  const demand = (await findOpenDemandForOrders(ctx.tx, orderIds)).filter((one) => !one.isHeld);
  if (demand.length === 0) return { more: full, demand, planned: [], warehouses: [], levels: [] };
  const planned = await lockPlannedShipments(ctx, orderIds);
  const warehouses = await findServingWarehouses(ctx.tx, [...new Set(demand.map((one) => one.shopId))]);
  const levels = await lockLevels(
    ctx,
    [...new Set(demand.map((one) => one.skuId))],
    [...new Set(warehouses.map((one) => one.warehouseId))],
  );
  const left = leaveOutOvertaken(demand, await findDueDemand(ctx.tx, limit));
  return { more: full || left.length < demand.length, demand: left, planned, warehouses, levels };
}

function toGroups({ demand, planned }: Batch): DemandGroup[] {
  const parcels = groupBy(planned, (shipment) => shipment.orderId);
  return [...groupBy(demand, (one) => one.orderId).values()].flatMap((lines) => {
    const [first] = lines;
    if (first === undefined) return [];
    const { orderId, shopId, priority, shipBy, paidAt, placedAt } = first;
    const openWarehouseIds = (parcels.get(orderId) ?? []).map((shipment) => shipment.warehouseId);
    return [{ orderId, shopId, priority, shipBy, paidAt, placedAt, lines, openWarehouseIds }];
  });
}

/** Orders that got something; one that is still short would otherwise repeat itself with every receipt. */
async function tell(ctx: Ctx, orders: readonly OrderPlan[], stored: readonly StoredLine[]): Promise<void> {
  const byOrder = groupBy(stored, (line) => line.orderId);
  await addTimeline(
    ctx,
    orders
      .filter(({ assignments }) => assignments.length > 0)
      .map(({ orderId, short, reasons }) => ({
        orderId,
        kind: 'allocated',
        data: {
          lines: (byOrder.get(orderId) ?? []).map(({ shipmentId, warehouseId, skuId, quantity }) => ({
            shipmentId,
            warehouseId,
            skuId,
            quantity,
          })),
          short: short.map(({ skuId, quantity }) => ({ skuId, quantity })),
          reasons,
        },
      })),
  );
}

function sum(lines: readonly { readonly quantity: number }[]): number {
  return lines.reduce((units, line) => units + line.quantity, 0);
}
