export type LocationUnits = { readonly locationId: string; readonly units: number };

/**
 * On hand by location, so that each location offers what the hub wants it to: its number plus what Vendure has allocated
 * there, as far as `quantity` allows. `quantity` − Σ `wanted` are the units of orders the hub knows; where Vendure's
 * allocations by location are fewer, the rest stands where most is offered. Sums to `quantity`.
 *
 * Why it matters: a checkout allocates from the locations in turn, and where the first offers some but not enough, Vendure
 * 3.7.3 allocates the whole line once more at the next (`forAllocation`, `Math.min(quantity, available)`).
 */
export function placeAddBack(
  quantity: number,
  wanted: readonly LocationUnits[],
  allocated: ReadonlyMap<string, number>,
): LocationUnits[] {
  let left = quantity - wanted.reduce((sum, { units }) => sum + units, 0);
  const placed = wanted.map(({ locationId, units }) => {
    const share = Math.max(0, Math.min(left, allocated.get(locationId) ?? 0));
    left -= share;
    return { locationId, units: units + share };
  });
  const most = Math.max(...wanted.map(({ units }) => units));
  const rest = wanted.findIndex(({ units }) => units === most);
  return placed.map((level, index) => (index === rest ? { ...level, units: Math.max(0, level.units + left) } : level));
}
