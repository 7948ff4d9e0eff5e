import type { StockNumber } from '../../outbound/index.ts';
import { point, type Section } from '../explanation.ts';
import { nothing } from '../words/data.ts';
import { tell, type Sentence } from '../words/sentences.ts';
import type { ListingFacts } from './listing-facts.ts';

const unknownName = '?';

/** The number term by term, from the shelf to what is told: the terms that the push itself summed. */
export function tellNumber(facts: ListingFacts, number: StockNumber): Section<Sentence> {
  const { terms } = number;
  const isPlain = terms.multiplier === 1 && terms.promise.units >= 0;
  const sentences = [
    ...tellPromise(facts, number),
    ...(isPlain ? [] : [tell('term.promise', { units: terms.promise.units })]),
    ...(terms.promise.units < 0 ? [tell('term.oversold', nothing)] : []),
    ...(terms.multiplier === 1
      ? []
      : [
          tell('term.multiplier', {
            promised: terms.promised,
            multiplier: terms.multiplier,
            quantity: number.saleable,
            leftOver: terms.leftOver,
          }),
        ]),
    tell('term.saleable', { quantity: number.saleable }),
    ...tellAddBack(facts, number),
  ];
  return {
    heading: tell('heading.number', { now: facts.now }),
    points: sentences.map((sentence) => point(sentence)),
  };
}

function tellPromise({ names, shop }: ListingFacts, { terms }: StockNumber): Sentence[] {
  const { warehouses, claims } = terms.promise;
  return [
    ...warehouses.map(({ warehouseId, onHand, reserved }) =>
      tell('term.level', {
        warehouse: names.warehouses.get(warehouseId) ?? unknownName,
        onHand,
        reserved,
        free: onHand - reserved,
      }),
    ),
    ...(warehouses.length === 0 ? [tell('term.no_warehouse', { shop: shop.name })] : []),
    ...claims.map(({ shopId, units, orders }) =>
      tell('term.claim', {
        shop: names.shops.get(shopId) ?? unknownName,
        isOwn: shopId === shop.shopId,
        units,
        orders,
      }),
    ),
    ...(claims.length === 0 ? [tell('term.no_claim', nothing)] : []),
  ];
}

function tellAddBack({ shop }: ListingFacts, { terms, push }: StockNumber): Sentence[] {
  if (terms.addBack === null || terms.addBack.open === 0) return [];
  return [
    tell('term.add_back', { ...terms.addBack, shop: shop.name }),
    tell('term.sent', { quantity: push.quantity, shop: shop.name }),
  ];
}

/** How the number is spread where the channel counts in several places. */
export function tellPlaces({ locations, names }: ListingFacts, { push }: StockNumber): Section<Sentence> | null {
  if (push.locations.length < 2) return null;
  const points = push.locations.map(({ locationExternalId, quantity }) => {
    const location = locations.find((one) => one.externalId === locationExternalId);
    return point(
      tell('term.location', {
        location: location?.name ?? locationExternalId,
        warehouse: names.warehouses.get(location?.warehouseId ?? '') ?? unknownName,
        quantity,
      }),
    );
  });
  return { heading: tell('heading.places', nothing), points };
}
