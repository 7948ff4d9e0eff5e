import type { z } from 'zod';
import { invalidData, notFound } from './errors.ts';
import type { levelsBody } from './requests.ts';
import type { FakeItem, FakeLevel, FakeState, FakeVariant } from './state.ts';

function variantOf(state: FakeState, item: FakeItem): FakeVariant | null {
  const variant = state.variants.find((row) => row.id === item.variantId);
  return variant?.manageInventory === true ? variant : null;
}

function levelOf(state: FakeState, itemId: string, locationId: string): FakeLevel | null {
  const levels = state.inventory.find((item) => item.id === itemId)?.levels ?? [];
  return levels.find((level) => level.locationId === locationId) ?? null;
}

/** A line is held back at one location: the first that has enough for all of it. Stock split over two sells to nobody. */
export function reserve(state: FakeState, item: FakeItem): void {
  for (const share of variantOf(state, item)?.shares ?? []) {
    const units = share.requiredQuantity * item.quantity;
    const levels = state.inventory.find(({ id }) => id === share.inventoryItemId)?.levels ?? [];
    const level = levels.find((row) => row.stocked - row.reserved >= units);
    if (level === undefined) throw invalidData(`Not enough stock available for item ${share.inventoryItemId}`);
    level.reserved += units;
    const { locationId } = level;
    state.reservations.push({ lineId: item.id, itemId: share.inventoryItemId, locationId, quantity: units });
  }
}

/** Takes units of a line out of what is held back, and with `sold` off the shelf where they were held. */
export function release(state: FakeState, item: FakeItem, units: number, sold: boolean): void {
  for (const share of variantOf(state, item)?.shares ?? []) {
    const needed = share.requiredQuantity * units;
    const held = state.reservations.find((row) => row.lineId === item.id && row.itemId === share.inventoryItemId);
    if (held === undefined || held.quantity < needed) {
      throw invalidData(`Quantity to fulfill exceeds the reserved quantity for the item: ${item.id}`);
    }
    held.quantity -= needed;
    const level = levelOf(state, share.inventoryItemId, held.locationId);
    if (level === null) continue;
    level.reserved -= needed;
    if (sold) level.stocked -= needed;
  }
}

/** All or nothing. Below zero is refused, below what is reserved is taken. */
export function writeLevels(state: FakeState, body: z.infer<typeof levelsBody>): Record<string, unknown> {
  for (const write of body.update) {
    if (levelOf(state, write.inventory_item_id, write.location_id) === null) {
      throw notFound(`Item ${write.inventory_item_id} is not stocked at location ${write.location_id}`);
    }
  }
  for (const write of body.create) {
    const isKnown = state.locations.some((location) => location.id === write.location_id);
    if (!isKnown) throw notFound(`StockLocation with id: ${write.location_id} was not found`);
    if (levelOf(state, write.inventory_item_id, write.location_id) !== null) {
      throw invalidData(`Inventory level of ${write.inventory_item_id} at ${write.location_id} already exists.`);
    }
  }
  for (const write of body.update) {
    const level = levelOf(state, write.inventory_item_id, write.location_id);
    if (level !== null) level.stocked = write.stocked_quantity;
  }
  for (const write of body.create) {
    const item = state.inventory.find(({ id }) => id === write.inventory_item_id);
    item?.levels.push({ locationId: write.location_id, stocked: write.stocked_quantity, reserved: 0 });
  }
  return { created: [], updated: [], deleted: [] };
}
