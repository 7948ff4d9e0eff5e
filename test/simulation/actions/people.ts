import { sql } from 'drizzle-orm';
import { pauseShop, resumeShop } from '../../../src/channels/index.ts';
import {
  adjustStock,
  advanceShipments,
  correctTracking,
  mergeShipments,
  shipOut,
  splitShipment,
  type FloorState,
} from '../../../src/fulfilment/index.ts';
import {
  Fault,
  type OrderId,
  type OrderLineId,
  type ShipmentId,
  type ShipmentLineId,
  type ShopId,
  type SkuId,
  type WarehouseId,
} from '../../../src/kernel/index.ts';
import { requestCancel, requestRefund } from '../../../src/outbound/index.ts';
import { rows, type Ctx } from '../../../src/platform/db/index.ts';
import { decideReturn, enterReturn, type ReturnId } from '../../../src/returns/index.ts';
import { receiveStock } from '../../../src/stock/index.ts';
import type { Action, Run } from '../run.ts';
import { somebody } from '../staff.ts';

/** What the model learns once the transaction has committed. */
type After = (effect: () => void) => void;

/** Somebody in the house uses a verb; what it refuses with a Fault is an answer, anything else a violation. */
function inHouse(what: string, work: (ctx: Ctx, run: Run, after: After) => Promise<string | null>): Action {
  return async (run) => {
    let effects: (() => void)[] = [];
    try {
      const outcome = await run.database.transact({ actor: somebody }, (ctx) => {
        effects = [];
        return work(ctx, run, (effect) => void effects.push(effect));
      });
      for (const effect of effects) effect();
      return `${what} ${outcome ?? 'nothing'}`;
    } catch (error) {
      if (error instanceof Fault && error.kind !== 'internal') return `${what} refused, ${error.code}`;
      run.violations.push(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return `${what} failed`;
    }
  };
}

const level = (run: Run): { skuId: SkuId; warehouseId: WarehouseId; name: string } => {
  const [code, skuId] = run.chance.pick([...run.goods.skus]) ?? ['', '' as SkuId];
  const warehouseId = run.chance.pick(run.goods.warehouses) ?? ('' as WarehouseId);
  return { skuId, warehouseId, name: `${code} in ${run.goods.warehouses.indexOf(warehouseId) + 1}` };
};

export const receive = inHouse('received', async (ctx, run, after) => {
  const { skuId, warehouseId, name } = level(run);
  const quantity = 1 + run.chance.int(8);
  const note = { unitCost: null, costCurrency: null, lotId: null, note: null };
  await receiveStock(ctx, [{ skuId, warehouseId, quantity, ...note }]);
  after(() => run.model.move(skuId, warehouseId, quantity));
  return `${quantity} of ${name}`;
});

export const adjust = inHouse('adjusted', async (ctx, run, after) => {
  const { skuId, warehouseId, name } = level(run);
  const delta = run.chance.pick([-6, -3, -2, -1, 1, 2]) ?? 1;
  const { released } = await adjustStock(ctx, [{ skuId, warehouseId, delta, reason: 'counted', note: null }]);
  after(() => run.model.move(skuId, warehouseId, delta));
  return `${name} by ${delta}, released ${released}`;
});

type OpenShipment = { id: ShipmentId; number: number; state: FloorState };

async function pickShipments(ctx: Ctx, run: Run, count: number): Promise<OpenShipment[]> {
  const open = await rows<OpenShipment>(
    ctx.tx,
    sql`select id, number, state from shipments where state not in ('shipped', 'cancelled') order by number`,
  );
  const picked = new Set<OpenShipment>();
  for (let index = 0; index < count; index += 1) {
    const shipment = run.chance.pick(open);
    if (shipment !== null) picked.add(shipment);
  }
  return [...picked];
}

type ShippedLine = { partId: string; skuId: SkuId; warehouseId: WarehouseId; quantity: number; ordered: number };

export const ship = inHouse('shipped', async (ctx, run, after) => {
  const picked = await pickShipments(ctx, run, 1 + run.chance.int(3));
  if (picked.length === 0) return null;
  const ids = picked.map(({ id }) => id);
  const lines = await rows<ShippedLine>(
    ctx.tx,
    sql`select l.part_id as "partId", l.sku_id as "skuId", s.warehouse_id as "warehouseId", l.quantity, p.ordered
        from shipment_lines l join shipments s on s.id = l.shipment_id join order_line_parts p on p.id = l.part_id
        where s.id = any(${`{${ids.join(',')}}`}::uuid[]) and l.quantity > 0 order by l.id`,
  );
  const carrier = { carrier: 'DHL', trackingUrl: null, service: null };
  await shipOut(
    ctx,
    picked.map(({ id, number }) => ({ shipmentId: id, trackingNumber: `T${number}`, ...carrier })),
  );
  after(() => lines.forEach((line) => leave(run, line)));
  return picked.map(({ number }) => number).join(' ');
});

function leave(run: Run, { partId, skuId, warehouseId, quantity, ordered }: ShippedLine): void {
  run.model.move(skuId, warehouseId, -quantity);
  const violation = run.model.ship(partId, quantity, ordered);
  if (violation !== null) run.violations.push(violation);
}

const next: Readonly<Record<FloorState, FloorState>> = {
  planned: 'released',
  released: 'picked',
  picked: 'packed',
  packed: 'picked',
  labelled: 'packed',
};

export const advance = inHouse('advanced', async (ctx, run) => {
  const [shipment] = await pickShipments(ctx, run, 1);
  if (shipment === undefined) return null;
  const to = next[shipment.state];
  await advanceShipments(ctx, [{ shipmentId: shipment.id, to }]);
  return `${shipment.number} to ${to}`;
});

export const split = inHouse('split', async (ctx, run) => {
  const [shipment] = await pickShipments(ctx, run, 1);
  if (shipment === undefined) return null;
  const lines = await rows<{ id: ShipmentLineId; quantity: number }>(
    ctx.tx,
    sql`select id, quantity from shipment_lines where shipment_id = ${shipment.id} and quantity > 0 order by id`,
  );
  const line = run.chance.pick(lines);
  if (line === null) return null;
  const quantity = 1 + run.chance.int(line.quantity);
  await splitShipment(ctx, { shipmentId: shipment.id, lines: [{ shipmentLineId: line.id, quantity }] });
  return `${quantity} off ${shipment.number}`;
});

export const merge = inHouse('merged', async (ctx, run) => {
  const picked = await pickShipments(ctx, run, 4);
  await mergeShipments(ctx, { shipmentIds: picked.map(({ id }) => id) });
  return picked.map(({ number }) => number).join(' ');
});

export const correct = inHouse('tracking corrected', async (ctx, run) => {
  const left = await rows<{ id: ShipmentId; number: number }>(
    ctx.tx,
    sql`select id, number from shipments where state = 'shipped' order by number`,
  );
  const shipment = run.chance.pick(left);
  if (shipment === null) return null;
  const tracking = { carrier: 'DHL', trackingNumber: `T${shipment.number}-${run.chance.int(9)}`, trackingUrl: null };
  await correctTracking(ctx, [{ shipmentId: shipment.id, ...tracking }]);
  return `${shipment.number}`;
});

type Sold = { id: OrderId; number: number; currency: string; paid: number };

async function pickOrder(ctx: Ctx, run: Run): Promise<Sold | null> {
  const sold = await rows<Sold>(
    ctx.tx,
    sql`select id, number, currency, buyer_paid_minor as paid from orders order by number`,
  );
  return run.chance.pick(sold);
}

async function pickLine(
  ctx: Ctx,
  run: Run,
  order: Sold,
): Promise<{ orderLineId: OrderLineId; quantity: number } | null> {
  const lines = await rows<{ orderLineId: OrderLineId; quantity: number }>(
    ctx.tx,
    sql`select id as "orderLineId", quantity from order_lines where order_id = ${order.id} order by id`,
  );
  return run.chance.pick(lines);
}

export const cancelHere = inHouse('cancel asked', async (ctx, run) => {
  const order = await pickOrder(ctx, run);
  if (order === null) return null;
  const line = run.chance.is(0.5) ? await pickLine(ctx, run, order) : null;
  const lines = line === null ? null : [{ ...line, quantity: 1 + run.chance.int(line.quantity) }];
  await requestCancel(ctx, run.ground.connectors, { orderId: order.id, lines, reason: 'the buyer called' });
  return `${order.number}${lines === null ? '' : ` ${lines[0]?.quantity ?? 0}`}`;
});

export const refundHere = inHouse('refund asked', async (ctx, run) => {
  const order = await pickOrder(ctx, run);
  if (order === null || order.paid === 0) return null;
  // Small ones too: of those a channel takes more than one.
  const amountMinor = 1 + run.chance.int(Math.ceil(order.paid / (run.chance.pick([1, 5]) ?? 1)));
  const { id: orderId, currency } = order;
  await requestRefund(ctx, run.ground.connectors, { orderId, amountMinor, currency, reason: 'sorry', lines: [] });
  return `${order.number} ${amountMinor}`;
});

export const takeReturn = inHouse('return entered', async (ctx, run) => {
  const order = await pickOrder(ctx, run);
  const line = order === null ? null : await pickLine(ctx, run, order);
  if (order === null || line === null) return null;
  const refund = run.chance.is(0.5) ? { amount: null, includesShipping: false, reason: null } : null;
  const lines = [{ orderLineId: line.orderLineId, quantity: 1 }];
  await enterReturn(ctx, { orderId: order.id, reason: 'broken', lines, refund });
  return `of ${order.number}`;
});

type ReturnLine = { returnId: ReturnId; id: string; number: number; skuId: SkuId; units: number };

export const decide = inHouse('return decided', async (ctx, run, after) => {
  const waiting = await rows<ReturnLine>(
    ctx.tx,
    sql`select r.id as "returnId", l.id, r.number, p.sku_id as "skuId", p.units_per_line as units
        from return_lines l join returns r on r.id = l.return_id join order_line_parts p on p.order_line_id = l.order_line_id
        where r.state not in ('decided', 'withdrawn') order by r.number, l.id`,
  );
  const line = run.chance.pick(waiting);
  const warehouseId = run.chance.pick(run.goods.warehouses);
  if (line === null || warehouseId === null) return null;
  const decision = run.chance.pick(['restock', 'scrap', 'none'] as const) ?? 'none';
  const place = { warehouseId: decision === 'restock' ? warehouseId : null, note: null };
  const lines = [{ returnLineId: line.id as never, decision, quantity: 1, ...place }];
  await decideReturn(ctx, { returnId: line.returnId, lines, refund: null });
  if (decision === 'restock') after(() => run.model.move(line.skuId, warehouseId, line.units));
  return `${line.number} ${decision}`;
});

export const pauseOrResume = inHouse('shop', async (ctx, run) => {
  const shop = run.chance.pick(run.shops);
  if (shop === null) return null;
  const [found] = await rows<{ state: string }>(ctx.tx, sql`select state from shops where id = ${shop.shopId}`);
  const isActive = found?.state === 'active';
  await (isActive ? pauseShop : resumeShop)(ctx, shop.shopId);
  return `${shop.name} ${isActive ? 'paused' : 'resumed'}`;
});

export async function resumeAll(run: Run): Promise<void> {
  await run.database.transact({ actor: somebody }, async (ctx) => {
    const paused = await rows<{ id: ShopId }>(ctx.tx, sql`select id from shops where state = 'paused' order by id`);
    for (const { id } of paused) await resumeShop(ctx, id);
  });
}
