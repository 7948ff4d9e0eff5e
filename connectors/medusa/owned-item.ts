import type { WireVariant } from './wire.ts';

/** The one inventory item that holds a variant's stock, and how many of its units one of the variant takes. */
export type OwnedItem = { readonly inventoryItemId: string; readonly unitsEach: number };

/**
 * Whose number it is. In Medusa variants draw on inventory items, many to many, each with a required quantity. A variant is
 * told a number where it draws on one item alone and no other variant takes fewer units of that item: then the item is its
 * own. A kit, or a six-pack of what is also sold singly, has no number: Medusa works it out from the items of the others.
 * Null too where Medusa does not count the variant at all. Of two that take the same, the first by id owns.
 */
export function ownedItemOf(variant: WireVariant): OwnedItem | null {
  const [share, ...others] = variant.inventory_items ?? [];
  if (!variant.manage_inventory || share === undefined || others.length > 0) return null;
  const rivals = (share.inventory?.variants ?? []).flatMap((rival) => {
    if (rival === null || !rival.manage_inventory || rival.id === variant.id) return [];
    const shares = rival.inventory_items ?? [];
    const [own] = shares.filter((row) => row.inventory_item_id === share.inventory_item_id);
    return own === undefined || shares.length > 1 ? [] : [{ id: rival.id, unitsEach: own.required_quantity }];
  });
  const isOurs = rivals.every(
    (rival) =>
      rival.unitsEach > share.required_quantity ||
      (rival.unitsEach === share.required_quantity && rival.id > variant.id),
  );
  return isOurs ? { inventoryItemId: share.inventory_item_id, unitsEach: share.required_quantity } : null;
}
