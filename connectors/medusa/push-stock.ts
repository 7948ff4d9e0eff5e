import { ChannelFault, placeAddBack, type StockPush, type StockPushResult } from '../../src/connector-kit/index.ts';
import { postMedusa, type MedusaIo } from './client.ts';
import { ownedItemOf, type OwnedItem } from './owned-item.ts';
import { wireWritten, type WireVariant } from './wire.ts';

/**
 * One request, and so one of Medusa's workflows, for each listing: its batch is all or nothing, and one bad listing must not
 * keep the others from being told. Faults that concern them all are thrown.
 */
export async function pushStock(
  io: MedusaIo,
  pushes: readonly StockPush[],
  variants: ReadonlyMap<string, WireVariant>,
  fallbackLocations: readonly string[],
): Promise<readonly StockPushResult[]> {
  const results: StockPushResult[] = [];
  for (const push of pushes) {
    results.push(await pushOne(io, push, variants.get(push.listingExternalId) ?? null, fallbackLocations));
  }
  return results;
}

async function pushOne(
  io: MedusaIo,
  push: StockPush,
  variant: WireVariant | null,
  fallbackLocations: readonly string[],
): Promise<StockPushResult> {
  const { listingExternalId } = push;
  if (variant === null) {
    return {
      listingExternalId,
      outcome: 'failed',
      code: 'not_found',
      detail: 'the channel does not know this listing',
    };
  }
  const item = ownedItemOf(variant);
  if (item === null) {
    const detail = 'Medusa works the number of this variant out from other variants, or does not count it';
    return { listingExternalId, outcome: 'failed', code: 'no_stock_of_its_own', detail };
  }
  try {
    const body = levelWrites(push, variant, item, fallbackLocations);
    // Nothing to write: no unit, at locations that have none of it.
    if (body.create.length + body.update.length > 0) {
      await postMedusa(io, '/inventory-items/location-levels/batch', body, wireWritten);
    }
    return { listingExternalId, outcome: 'told' };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    return { listingExternalId, outcome: 'failed', ...refusal };
  }
}

type LevelWrite = {
  readonly inventory_item_id: string;
  readonly location_id: string;
  readonly stocked_quantity: number;
};
type LevelWrites = {
  readonly create: readonly LevelWrite[];
  readonly update: readonly LevelWrite[];
  readonly delete: readonly string[];
};

/** A level that a location does not have yet is made. A number without locations stands at the first one alone. */
function levelWrites(
  push: StockPush,
  variant: WireVariant,
  item: OwnedItem,
  fallbackLocations: readonly string[],
): LevelWrites {
  const levels = variant.inventory_items?.[0]?.inventory?.location_levels ?? [];
  const wanted =
    push.locations.length === 0
      ? fallbackLocations.map((locationId, index) => ({ locationId, units: index === 0 ? push.quantity : 0 }))
      : placeAddBack(
          push.quantity,
          push.locations.map((row) => ({ locationId: row.locationExternalId, units: row.quantity })),
          new Map(levels.map((level) => [level.location_id, Math.ceil(level.reserved_quantity / item.unitsEach)])),
        );
  const known = new Set(levels.map((level) => level.location_id));
  const writes = wanted.map(({ locationId, units }) => ({
    inventory_item_id: item.inventoryItemId,
    location_id: locationId,
    stocked_quantity: units * item.unitsEach,
  }));
  return {
    create: writes.filter((write) => !known.has(write.location_id) && write.stocked_quantity > 0),
    update: writes.filter((write) => known.has(write.location_id)),
    delete: [],
  };
}

function refusalOf(error: unknown): { code: string; detail: string } | null {
  if (!(error instanceof ChannelFault)) return null;
  if (error.reason.kind === 'not_found') return { code: 'not_found', detail: error.message };
  if (error.reason.kind === 'rejected') return { code: error.reason.code, detail: error.reason.detail };
  return null;
}
