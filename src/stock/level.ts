import type { SkuId, WarehouseId } from '../kernel/index.ts';
import type { ColumnTypes } from '../platform/db/index.ts';

export type LevelKey = { readonly skuId: SkuId; readonly warehouseId: WarehouseId };

/** For `(sku_id, warehouse_id) in (select * from ${unnest(levelColumns, keys)})`. */
export const levelColumns = { skuId: 'uuid', warehouseId: 'uuid' } as const satisfies ColumnTypes;

/** Sellable SKU units of one SKU in one warehouse. What may still be reserved is `onHand − reserved`. */
export type Level = LevelKey & { readonly onHand: number; readonly reserved: number };

/** One text per level; sorts as the locks are taken: by SKU, then by warehouse. */
export function levelKey({ skuId, warehouseId }: LevelKey): string {
  return `${skuId} ${warehouseId}`;
}

export function byLevel<Item extends LevelKey>(items: Iterable<Item>): Map<string, Item> {
  return new Map(Array.from(items, (item) => [levelKey(item), item]));
}

/** Sums a number per level, in key order. */
export function sumByLevel<Item extends LevelKey>(
  items: Iterable<Item>,
  numberOf: (item: Item) => number,
): (LevelKey & { readonly sum: number })[] {
  const sums = new Map<string, LevelKey & { readonly sum: number }>();
  for (const item of items) {
    const key = levelKey(item);
    const { skuId, warehouseId } = item;
    sums.set(key, { skuId, warehouseId, sum: (sums.get(key)?.sum ?? 0) + numberOf(item) });
  }
  return [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, level]) => level);
}
