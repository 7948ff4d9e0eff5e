import type { FakeState, FakeVariant } from './state.ts';

/**
 * What 3.7.3's MultiChannelStockLocationStrategy does for a sold line: each location in turn takes up to the whole quantity,
 * not what is left of it. Five units, of which two are at the first location, allocate 2 + 5.
 */
export function allocate(variant: FakeVariant, quantity: number): void {
  let allocated = 0;
  for (const level of variant.stockLevels) {
    const free = level.stockOnHand - level.stockAllocated - variant.outOfStockThreshold;
    if (free <= 0) continue;
    const taken = Math.min(quantity, free);
    level.stockAllocated += taken;
    allocated += taken;
    if (allocated >= quantity) return;
  }
}

/** Gives allocated units back, and with `sold` takes them off the shelf too. */
export function deallocate(variant: FakeVariant, quantity: number, sold: boolean): void {
  let left = quantity;
  for (const level of variant.stockLevels) {
    const taken = Math.min(left, level.stockAllocated);
    level.stockAllocated -= taken;
    if (sold) level.stockOnHand -= taken;
    left -= taken;
  }
}

export function variantOf(state: FakeState, id: string): FakeVariant | null {
  return state.variants.find((variant) => variant.id === id) ?? null;
}
