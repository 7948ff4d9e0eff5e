import { groupBy, type SkuId } from '../../kernel/index.ts';
import { point, type Point, type Section } from '../explanation.ts';
import { nothing } from '../words/data.ts';
import { tell, type Sentence } from '../words/sentences.ts';
import { skuOf, warehouseOf } from './naming.ts';
import type { OrderFacts } from './order-facts.ts';

/** What each SKU waits for now: worked out from today's shelves and queue, not from when it was first looked for. */
export function tellWaits(facts: OrderFacts): Section<Sentence> | null {
  const { demand } = facts.waits;
  if (demand.length === 0) return null;
  const isQueued = !isHeld(facts) && demand.some((one) => !one.isDue);
  const points = [...groupBy(demand, (one) => one.skuId)].map(([skuId, own]): Point<Sentence> => {
    const quantity = own.reduce((sum, one) => sum + one.quantity, 0);
    return point(
      tell('wait.sku', { sku: skuOf(facts, skuId), quantity }),
      tellSku(
        facts,
        skuId,
        own.every((one) => one.isDue),
      ),
    );
  });
  return {
    heading: tell('heading.waits', { now: facts.now }),
    points: [...points, ...(isQueued ? [point(tell('wait.rule', nothing))] : [])],
  };
}

export function isHeld({ order }: OrderFacts): boolean {
  return order.holds.length > 0;
}

function tellSku(facts: OrderFacts, skuId: SkuId, isDue: boolean): Sentence[] {
  const levels = tellLevels(facts, skuId);
  if (isHeld(facts)) {
    const offSale = facts.waits.demand.every((one) => one.claims);
    return [tell('wait.held', { offSale }), ...levels];
  }
  return isDue
    ? levels
    : [...levels, ...tellHolders(facts, skuId), tellQueue(facts, skuId), ...tellExpected(facts, skuId)];
}

function tellLevels(facts: OrderFacts, skuId: SkuId): Sentence[] {
  const { serving, levels } = facts.waits;
  if (serving.length === 0) return [tell('wait.no_warehouse', { shop: facts.shop.name })];
  return serving.map(({ warehouseId }) => {
    const level = levels.find((one) => one.skuId === skuId && one.warehouseId === warehouseId);
    const { onHand, reserved } = level ?? { onHand: 0, reserved: 0 };
    return tell('wait.level', {
      warehouse: warehouseOf(facts, warehouseId),
      onHand,
      reserved,
      free: onHand - reserved,
    });
  });
}

function tellQueue({ waits }: OrderFacts, skuId: SkuId): Sentence {
  const ahead = waits.queue.find((one) => one.skuId === skuId);
  return ahead === undefined
    ? tell('wait.first', nothing)
    : tell('wait.ahead', { orders: ahead.orders, units: ahead.units });
}

function tellHolders(facts: OrderFacts, skuId: SkuId): Sentence[] {
  const holders = facts.waits.holders.filter((one) => one.skuId === skuId);
  const [first] = holders;
  if (first === undefined) return [];
  const orders = first.allOrders - new Set(holders.map((one) => one.order)).size;
  const units = first.allUnits - holders.reduce((sum, one) => sum + one.quantity, 0);
  return [
    ...holders.map(({ order, warehouseId, quantity, parcel, state }) =>
      tell('wait.reserved_for', { order, warehouse: warehouseOf(facts, warehouseId), quantity, parcel, state }),
    ),
    ...(units > 0 ? [tell('wait.reserved_more', { orders: Math.max(1, orders), units })] : []),
  ];
}

function tellExpected(facts: OrderFacts, skuId: SkuId): Sentence[] {
  const expected = facts.waits.expected.filter((one) => one.skuId === skuId);
  if (expected.length === 0) return [tell('wait.none_expected', nothing)];
  return expected.map(({ warehouseId, quantity, expectedAt }) =>
    tell('wait.expected', { warehouse: warehouseOf(facts, warehouseId), quantity, at: expectedAt }),
  );
}
