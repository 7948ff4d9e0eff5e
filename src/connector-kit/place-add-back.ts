export type LocationUnits = { readonly locationId: string; readonly units: number };

/**
 * For a channel that is told what is on hand (`stock.meaning`): on hand by location, so that each location offers what the hub
 * wants it to, which is its number plus what the channel itself holds back there, as far as `quantity` allows. `quantity` −
 * Σ `wanted` are the units of orders the hub knows; where the channel holds fewer back, the rest stands where most is
 * offered. Sums to `quantity`. `wanted` must not be empty.
 *
 * Why it matters: Vendure 3.7.3 allocates a line twice where its first location offers some but not enough, and Medusa 2.21.2
 * sells a line from one location alone.
 */
export function placeAddBack(
  quantity: number,
  wanted: readonly LocationUnits[],
  heldBack: ReadonlyMap<string, number>,
): LocationUnits[] {
  let left = quantity - wanted.reduce((sum, { units }) => sum + units, 0);
  const placed = wanted.map(({ locationId, units }) => {
    const share = Math.max(0, Math.min(left, heldBack.get(locationId) ?? 0));
    left -= share;
    return { locationId, units: units + share };
  });
  const most = Math.max(...wanted.map(({ units }) => units));
  const rest = wanted.findIndex(({ units }) => units === most);
  return placed.map((level, index) => (index === rest ? { ...level, units: Math.max(0, level.units + left) } : level));
}
