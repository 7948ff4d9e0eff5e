import { expect } from 'vitest';
import {
  fulfilmentOf,
  isCancelled,
  levelOf,
  partsOf,
  promised,
  reservedAt,
  reservedOf,
  sum,
  unitsPerListing,
  type Model,
} from './model.ts';
import type { Observed, SeenOrder } from './observe.ts';

export type Told = { readonly order: string; readonly kind: string };
type Step = { readonly before: Observed; readonly seen: Observed; readonly owed: readonly Told[] };

/** Everything that the maps and the database both know must be equal after a command. */
export function expectSame(model: Model, step: Step): void {
  const { seen } = step;
  expectSoundModel(model);
  expect(seen.broken).toEqual([]);
  expect(seenFacts(seen)).toEqual(modelFacts(model));
  expectTold(step);
  expectBumped(model, step);
}

type Facts = Readonly<Record<'levels' | 'orders' | 'parts' | 'parcels' | 'returns', Readonly<Record<string, unknown>>>>;

const byKey = <Item>(items: Iterable<readonly [string, Item]>): Record<string, Item> =>
  Object.fromEntries([...items].toSorted(([a], [b]) => (a < b ? -1 : 1)));

function modelFacts(model: Model): Facts {
  return {
    levels: byKey(
      [...model.onHand].flatMap(([key, onHand]) => {
        const [sku = 0, house = 0] = key.split('/').map(Number);
        return onHand === 0 ? [] : [[key, { onHand, reserved: reservedAt(model, sku, house) }] as const];
      }),
    ),
    orders: byKey(
      model.orders.map((order) => [
        order.key,
        {
          fulfilment: fulfilmentOf(order),
          isCancelled: isCancelled(order),
          holds: [...order.holds].toSorted(),
          totalMinor: order.document.totalMinor,
          refundedMinor: sum(order.document.refunds, (refund) => refund.amountMinor),
          askedMinor: sum(model.refunds, (one) => (one.order === order && one.isAskedHere ? one.amountMinor : 0)),
        },
      ]),
    ),
    parts: byKey(
      model.orders.flatMap((order) =>
        order.parts.map((part) => {
          const { ordered, cancelled, shipped, demand } = part;
          const returned = part.per * sum(model.returns, (one) => returnedUnits(one, order.key, part.line));
          const isHeld = order.holds.size > 0;
          const units = { ordered, cancelled, shipped, demand, reserved: reservedOf(model, part), returned };
          return [part.key, { ...units, isHeld }] as const;
        }),
      ),
    ),
    parcels: byKey(
      [...model.parcels.values()].map(({ id, house, state, units }) => [id, { house, state, units: byKey(units) }]),
    ),
    returns: byKey(model.returns.map(({ key, state, lines }) => [key, { state, lines: byKey(lines) }])),
  };
}

function returnedUnits({ order, state, lines }: Model['returns'][number], key: string, line: string): number {
  return order.key === key && state !== 'withdrawn' ? (lines.get(line)?.quantity ?? 0) : 0;
}

function seenFacts(seen: Observed): Facts {
  const orders = new Map(seen.orders.map((order) => [order.id, `${order.shop}:${order.externalId}`]));
  const keyOf = (order: SeenOrder['id']): string => orders.get(order) ?? order;
  const parts = new Map(seen.parts.map((part) => [part.id, `${keyOf(part.orderId)}/${part.line}`]));
  const turns = new Map<string, number>();
  return {
    levels: byKey(
      seen.levels.flatMap(({ sku, house, onHand, reserved }) =>
        onHand === 0 ? [] : [[levelOf(sku, house), { onHand, reserved }] as const],
      ),
    ),
    orders: byKey(
      seen.orders.map(({ id, fulfilment, isCancelled: off, holds, totalMinor, refundedMinor, askedMinor }) => [
        keyOf(id),
        { fulfilment, isCancelled: off, holds, totalMinor, refundedMinor, askedMinor },
      ]),
    ),
    parts: byKey(
      seen.parts.map(({ id, ordered, cancelled, shipped, demand, reserved, returned, isHeld }) => [
        parts.get(id) ?? id,
        { ordered, cancelled, shipped, demand, reserved, returned, isHeld },
      ]),
    ),
    parcels: byKey(
      seen.parcels.map(({ id, house, state, lines }) => {
        const held = lines.filter(({ units }) => units > 0);
        const units = byKey(held.map((line) => [parts.get(line.partId) ?? line.partId, line.units]));
        return [id, { house, state, units }];
      }),
    ),
    returns: byKey(
      seen.returns.map(({ orderId, state, lines }) => {
        const turn = (turns.get(orderId) ?? 0) + 1;
        turns.set(orderId, turn);
        const units = byKey(lines.map(({ id: _id, line, ...counts }) => [line, counts]));
        return [`${keyOf(orderId)}#${turn}`, { state, lines: units }];
      }),
    ),
  };
}

/** What a command owes stands in the timeline, and nothing of an order changes without an entry there. */
function expectTold({ before, seen, owed }: Step): void {
  const toldOf = (observed: Observed) =>
    new Map(observed.orders.map((order) => [`${order.shop}:${order.externalId}`, order.told]));
  const [was, is] = [toldOf(before), toldOf(seen)];
  const missing = owed.filter(({ order, kind }) => (is.get(order)?.[kind] ?? 0) <= (was.get(order)?.[kind] ?? 0));
  expect(missing).toEqual([]);
  const [factsBefore, factsNow] = [unitsByOrder(before), unitsByOrder(seen)];
  const silent = [...factsNow].filter(
    ([order, facts]) =>
      factsBefore.get(order) !== facts &&
      sum(Object.values(is.get(order) ?? {}), Number) <= sum(Object.values(was.get(order) ?? {}), Number),
  );
  expect(silent).toEqual([]);
}

function unitsByOrder(seen: Observed): Map<string, string> {
  return new Map(
    seen.orders.map((order) => {
      const own = seen.parts.filter((part) => part.orderId === order.id);
      const units = own.map(({ id, ordered, cancelled, shipped, returned, demand, reserved }) =>
        [id, ordered, cancelled, shipped, returned, demand, reserved].join(' '),
      );
      const facts = [order.holds.join(' '), order.isCancelled, order.totalMinor, order.refundedMinor];
      return [`${order.shop}:${order.externalId}`, [...units.toSorted(), ...facts].join(', ')];
    }),
  );
}

/** A listing whose number changed is to be told again (invariant 6). `before` holds the numbers as they were. */
const numbersBefore = new WeakMap<Model, Map<string, number>>();

function expectBumped(model: Model, { before, seen }: Step): void {
  const wanted = (observed: Observed) =>
    new Map(observed.listings.map(({ shop, sku, wanted: version }) => [`${shop} ${sku}`, version]));
  const [was, is] = [wanted(before), wanted(seen)];
  const numbers = new Map<string, number>();
  for (const { shop, sku } of seen.listings) {
    const number = Math.floor(Math.max(0, promised(model, shop, sku)) / (unitsPerListing[sku] ?? 1));
    numbers.set(`${shop} ${sku}`, number);
  }
  const old = numbersBefore.get(model);
  const untold = [...numbers].filter(
    ([key, number]) => number !== (old?.get(key) ?? 0) && (is.get(key) ?? 0) <= (was.get(key) ?? 0),
  );
  expect(untold).toEqual([]);
  numbersBefore.set(model, numbers);
}

/** Every unit of the model is somewhere: a map that lost one would excuse the database for losing it too. */
function expectSoundModel(model: Model): void {
  const lost = partsOf(model).filter(
    (part) => part.ordered !== part.cancelled + part.shipped + part.demand + reservedOf(model, part),
  );
  expect(lost).toEqual([]);
}
