import type { SkuId } from '../../kernel/index.ts';
import type { CurrentOrder, PartRow, UnitTarget } from '../../orders/index.ts';

/**
 * SKU units that the parts of a split order brought with them. The whole owes so many fewer: what it still owes goes on
 * claiming until the other parts are here, so that nobody else is promised the units meanwhile.
 */
export type Cover = {
  /** So many of these open units are taken over. */
  take(skuId: SkuId, open: number): number;
  /** Units of the parts that found no open unit to take over. */
  left(skuId: SkuId): number;
};

export type Splits = {
  /** A planned part brings these units more than it had. */
  add(whole: string, skuId: SkuId, units: number): void;
  coverOf(whole: string): Cover;
};

export type PartUnits = { readonly whole: string; readonly skuId: SkuId; readonly units: number };

/** Begins with the units of parts that are here already. */
export function openSplits(known: readonly PartUnits[]): Splits {
  const covers = new Map<string, Map<SkuId, number>>();
  const add: Splits['add'] = (whole, skuId, units) => {
    const cover = covers.get(whole) ?? new Map<SkuId, number>();
    cover.set(skuId, (cover.get(skuId) ?? 0) + units);
    covers.set(whole, cover);
  };
  for (const { whole, skuId, units } of known) add(whole, skuId, units);
  return {
    add,
    coverOf(whole) {
      const units = new Map(covers.get(whole));
      return {
        take(skuId, open) {
          const taken = Math.min(open, units.get(skuId) ?? 0);
          units.set(skuId, (units.get(skuId) ?? 0) - taken);
          return taken;
        },
        left: (skuId) => units.get(skuId) ?? 0,
      };
    },
  };
}

/** What a part of a superseded order must become: open units that its parts took over are given up. */
export function makeWay(part: Pick<PartRow, 'skuId' | 'shipped'>, target: UnitTarget, cover: Cover | null): UnitTarget {
  if (cover === null) return target;
  const open = target.ordered - target.cancelled - part.shipped;
  return { ...target, cancelled: target.cancelled + cover.take(part.skuId, open) };
}

/** Whether the parts bring units again that have left with a parcel of the whole: they would be sent twice. */
export function bringsShippedUnits(whole: CurrentOrder, cover: Cover): boolean {
  return whole.lines.flatMap((line) => line.parts).some((part) => part.shipped > 0 && cover.left(part.skuId) > 0);
}
