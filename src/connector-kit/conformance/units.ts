import assert from 'node:assert/strict';
import type { PlacedOrder } from './harness.ts';

/** So many units of an order after the first `skip`, by line: a channel may sell every unit as a line of its own. */
export function unitsOf(
  placed: PlacedOrder,
  skip: number,
  count: number,
): { readonly lineExternalId: string; readonly quantity: number }[] {
  const units = placed.lines.flatMap(({ externalId, quantity }) => Array.from({ length: quantity }, () => externalId));
  const chosen = units.slice(skip, skip + count);
  assert.equal(chosen.length, count, 'the placed order has too few units');
  return [...new Set(chosen)].map((lineExternalId) => ({
    lineExternalId,
    quantity: chosen.filter((each) => each === lineExternalId).length,
  }));
}
