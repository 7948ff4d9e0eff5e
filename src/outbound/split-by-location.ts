/** A place of the channel and what its warehouse has free, in listing units; the lowest rank first. */
export type LocationStock = { readonly locationExternalId: string; readonly free: number };

/**
 * Spreads what a buyer may buy over the channel's locations: each offers what its warehouse has free, in rank order, until
 * the number is used up. What no location has (rounding of multipacks) stands at the first. Sums to `saleable`.
 */
export function splitByLocation(
  saleable: number,
  locations: readonly LocationStock[],
): { locationExternalId: string; quantity: number }[] {
  let left = saleable;
  const split = locations.map((location) => {
    const share = Math.min(Math.max(0, location.free), left);
    left -= share;
    return { locationExternalId: location.locationExternalId, quantity: share };
  });
  const first = split[0];
  if (first !== undefined) first.quantity += left;
  return split;
}
