/** A place of the channel and what its warehouse has free, in listing units; the lowest rank first. */
export type LocationStock = { readonly locationExternalId: string; readonly free: number };

/**
 * Spreads the number a listing must show over the channel's locations: each gets what its warehouse has free, in rank order,
 * until the number is used up; what is left (units the channel subtracts by itself) stands at the first. Sums to `quantity`.
 */
export function splitByLocation(
  quantity: number,
  locations: readonly LocationStock[],
): { locationExternalId: string; quantity: number }[] {
  let left = quantity;
  const split = locations.map((location) => {
    const share = Math.min(Math.max(0, location.free), left);
    left -= share;
    return { locationExternalId: location.locationExternalId, quantity: share };
  });
  const first = split[0];
  if (first !== undefined) first.quantity += left;
  return split;
}
