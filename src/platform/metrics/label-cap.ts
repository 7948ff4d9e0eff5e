/** Shops with a series of their own in one process; the others share one. Each series costs memory here and in Prometheus. */
export const labelledShopsMax = 100;

export const otherShops = 'other';

/** Gives the first `labelledShopsMax` ids their own label, for the life of the process. */
export function labelCap(): (shopId: string) => string {
  const known = new Set<string>();
  return (shopId) => {
    if (known.has(shopId)) return shopId;
    if (known.size >= labelledShopsMax) return otherShops;
    known.add(shopId);
    return shopId;
  };
}
