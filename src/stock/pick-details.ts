import { compareBytes, type LotId } from '../kernel/index.ts';
import { levelKey, type LevelKey } from './level.ts';

/** Sellable units of a level at one place. `expiresOn` is the lot's, as `YYYY-MM-DD`; null: never, or not known. */
export type Place = LevelKey & {
  readonly binCode: string;
  readonly lotId: LotId | null;
  readonly expiresOn: string | null;
  readonly quantity: number;
};

export type Wanted = LevelKey & { readonly quantity: number; readonly expiresAfter: string | null };

export type Pick<Item extends Wanted> = { readonly for: Item; readonly place: Place; readonly quantity: number };

/**
 * Deals wanted units over places, what expires first going first, then by bin and lot; within equal dates it takes them in
 * order, so that few lots are opened. Demands with a threshold choose before those without, the farthest first, since
 * fewer lots will do for them. What finds no place is in `missing`.
 */
export function pickDetails<Item extends Wanted>(
  wanted: readonly Item[],
  places: readonly Place[],
): { readonly picks: readonly Pick<Item>[]; readonly missing: readonly Item[] } {
  const byKey = new Map<string, { place: Place; left: number }[]>();
  for (const place of [...places].sort(comparePlaces)) {
    const key = levelKey(place);
    byKey.set(key, [...(byKey.get(key) ?? []), { place, left: place.quantity }]);
  }
  const picks: Pick<Item>[] = [];
  const missing: Item[] = [];
  for (const item of [...wanted].sort(farthestThresholdFirst)) {
    let open = item.quantity;
    for (const slot of byKey.get(levelKey(item)) ?? []) {
      const take = mayServe(slot.place, item) ? Math.min(open, slot.left) : 0;
      if (take === 0) continue;
      slot.left -= take;
      open -= take;
      picks.push({ for: item, place: slot.place, quantity: take });
    }
    if (open > 0) missing.push(item);
  }
  return { picks, missing };
}

function mayServe(place: Place, { expiresAfter }: Wanted): boolean {
  return expiresAfter === null || (place.expiresOn !== null && place.expiresOn > expiresAfter);
}

function comparePlaces(a: Place, b: Place): number {
  return (
    compareNullLast(a.expiresOn, b.expiresOn) ||
    compareBytes(a.binCode, b.binCode) ||
    compareBytes(a.lotId ?? '', b.lotId ?? '')
  );
}

function farthestThresholdFirst(a: Wanted, b: Wanted): number {
  if (a.expiresAfter === null || b.expiresAfter === null) return compareNullLast(a.expiresAfter, b.expiresAfter);
  return compareNullLast(b.expiresAfter, a.expiresAfter);
}

/** ISO days compare as text. */
function compareNullLast(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}
