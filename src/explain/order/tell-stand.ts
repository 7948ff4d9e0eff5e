import { groupBy } from '../../kernel/index.ts';
import { point, type Section } from '../explanation.ts';
import { nothing } from '../words/data.ts';
import { tell, type Sentence } from '../words/sentences.ts';
import { itemsOf, parcelsOf, skuOf, warehouseOf } from './naming.ts';
import type { OrderFacts } from './order-facts.ts';
import { standingOf, type Standing } from './standing.ts';
import { tellWaitingReturns } from './tell-after.ts';
import { tellChannel } from './tell-channel.ts';
import { tellHolds } from './tell-holds.ts';
import { verdict, type Verdict } from './verdict.ts';

/** Where the order stands and what would make it go on: short, for who has no time for the story. */
export function tellStand(facts: OrderFacts): { readonly stand: Section<Sentence>; readonly next: Section<Sentence> } {
  const verdicts = verdictsOf(facts);
  const next = [...new Map(verdicts.flatMap((one) => one.next).map((one) => [JSON.stringify(one), one])).values()];
  return {
    stand: { heading: tell('heading.stand', nothing), points: verdicts.map(({ stand }) => point(stand)) },
    next: {
      heading: tell('heading.next', nothing),
      points: (next.length === 0 ? [tell('next.nothing', nothing)] : next).map((one) => point(one)),
    },
  };
}

function verdictsOf(facts: OrderFacts): Verdict[] {
  const standing = standingOf(facts);
  const { order, partOrders } = facts;
  if (order.supersededBy !== null) {
    const superseded = verdict(tell('stand.superseded', { orders: partOrders.map(({ number }) => number) }));
    return [superseded, ...tellKept(facts, standing)];
  }
  const goods =
    order.cancelledAt === null
      ? [...tellHolds(facts, standing), ...tellProgress(facts, standing), ...tellOpen(facts, standing)]
      : tellCancelled(facts, standing, order.cancelledAt);
  return [...goods, ...tellChannel(facts), ...tellWaitingReturns(facts)];
}

function tellCancelled(facts: OrderFacts, standing: Standing, at: Date): Verdict[] {
  const kept = tellKept(facts, standing);
  const isFree = kept.length === 0 && standing.shipped === 0;
  return [
    verdict(tell('stand.cancelled', { at, reason: facts.order.cancelReason })),
    ...(standing.shipped > 0 ? [verdict(tell('stand.cancelled_shipped', { units: standing.shipped }))] : []),
    ...(isFree ? [verdict(tell('stand.cancelled_freed', nothing))] : kept),
  ];
}

/** Parcels that hold goods nobody wants any more: from packing on they are kept until a person unpacks them. */
function tellKept(facts: OrderFacts, { openParcels }: Standing): Verdict[] {
  if (openParcels.length === 0) return [];
  const parcels = openParcels.map(({ number }) => number);
  return [
    verdict(tell('stand.cancelled_kept', { parcels: parcelsOf(facts, openParcels) }), tell('next.unpack', { parcels })),
  ];
}

/** How much has left. */
function tellProgress(
  facts: OrderFacts,
  { ordered, cancelled, shipped, elsewhere, open, shippedParcels }: Standing,
): Verdict[] {
  const shop = facts.shop.name;
  const isOurs = facts.order.lines.some((line) => line.fulfilledBy === 'seller');
  if (!isOurs) return [verdict(tell('stand.channel_ships', { shop }))];
  const told: Verdict[] = [];
  if (shipped > 0 && open === 0) {
    const at = new Date(Math.max(...shippedParcels.map((parcel) => parcel.shippedAt?.getTime() ?? 0)));
    const parcels = shippedParcels.map(({ number, warehouseId }) => ({
      parcel: number,
      warehouse: warehouseOf(facts, warehouseId),
    }));
    told.push(verdict(tell('stand.shipped', { at, parcels })));
  } else if (shipped > 0) told.push(verdict(tell('stand.partly_shipped', { shipped, of: ordered - cancelled })));
  if (elsewhere > 0) told.push(verdict(tell('stand.elsewhere', { units: elsewhere, shop })));
  const isAllCancelled = ordered > 0 && open === 0 && shipped === 0 && elsewhere === 0;
  return isAllCancelled ? [...told, verdict(tell('stand.nothing_left', nothing))] : told;
}

/** What is still to leave: parcels on the floor, and goods without one. A held order is not worked on. */
function tellOpen(facts: OrderFacts, { openParcels, isHeld }: Standing): Verdict[] {
  const parcels = parcelsOf(facts, openParcels).map((parcel) =>
    isHeld ? verdict(tell('stand.parcel', parcel)) : verdict(tell('stand.parcel', parcel), tell('next.parcel', parcel)),
  );
  if (isHeld) return parcels;
  const { demand } = facts.waits;
  const due = demand.filter((one) => one.isDue);
  const short = demand.filter((one) => !one.isDue);
  return [
    ...parcels,
    ...(due.length === 0
      ? []
      : [verdict(tell('stand.assigning', { items: itemsOf(facts, due) }), tell('next.assigning', nothing))]),
    ...(short.length === 0 ? [] : [tellShort(facts, short)]),
  ];
}

function tellShort(facts: OrderFacts, short: OrderFacts['waits']['demand']): Verdict {
  const { serving, expected } = facts.waits;
  const items = itemsOf(facts, short);
  const stand = tell('stand.short', { items });
  if (serving.length === 0) return verdict(stand, tell('next.no_warehouse', { shop: facts.shop.name }));
  const skuIds = groupBy(short, (one) => one.skuId);
  return verdict(
    stand,
    tell('next.goods', {
      items,
      expected: expected
        .filter((one) => skuIds.has(one.skuId))
        .map(({ skuId, warehouseId, quantity, expectedAt }) => ({
          sku: skuOf(facts, skuId),
          warehouse: warehouseOf(facts, warehouseId),
          quantity,
          at: expectedAt,
        })),
    }),
  );
}
