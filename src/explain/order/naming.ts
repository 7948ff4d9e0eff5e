import type { By, Item, Parcel } from '../words/data.ts';
import type { OrderFacts, ParcelFact } from './order-facts.ts';

/** Codes and names in place of ids. What is not known any more is a question mark, never an id. */

const unknownName = '?';

export function warehouseOf({ names }: OrderFacts, warehouseId: string): string {
  return names.warehouses.get(warehouseId) ?? unknownName;
}

export function skuOf({ names }: OrderFacts, skuId: string): string {
  return names.skus.get(skuId) ?? unknownName;
}

export function itemsOf(
  facts: OrderFacts,
  lines: readonly { readonly skuId: string; readonly quantity: number }[],
): Item[] {
  return lines.map(({ skuId, quantity }) => ({ sku: skuOf(facts, skuId), quantity }));
}

/** Units of parts, as SKUs. */
export function partItems(
  facts: OrderFacts,
  lines: readonly { readonly partId: string; readonly quantity: number }[],
): Item[] {
  const codes = new Map(
    facts.order.lines.flatMap((line) => line.parts.map((part) => [part.partId as string, part.skuCode])),
  );
  return lines.map(({ partId, quantity }) => ({ sku: codes.get(partId) ?? unknownName, quantity }));
}

export function byOf({ names }: OrderFacts, actor: { readonly actorKind: string; readonly actorId: string }): By {
  if (actor.actorKind === 'token') return { kind: 'token', name: names.tokens.get(actor.actorId) ?? null };
  return { kind: actor.actorId === 'cli' ? 'terminal' : 'hub', name: null };
}

/** By the number that people see. */
export function parcelOf({ parcels }: OrderFacts, number: number): ParcelFact | undefined {
  return parcels.find((parcel) => parcel.number === number);
}

/** A parcel's warehouse, by its number. */
export function placeOf(facts: OrderFacts, parcelNumber: number): string {
  return warehouseOf(facts, parcelOf(facts, parcelNumber)?.warehouseId ?? '');
}

/** Parcels as they are named in sentences, with what they hold of this order. */
export function parcelsOf(facts: OrderFacts, parcels: readonly ParcelFact[]): Parcel[] {
  return parcels.map(({ number, warehouseId, state, lines }) => ({
    parcel: number,
    warehouse: warehouseOf(facts, warehouseId),
    state,
    items: itemsOf(facts, lines),
  }));
}
