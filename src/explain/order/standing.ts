import type { OrderFacts, ParcelFact } from './order-facts.ts';
import { isHeld } from './tell-waits.ts';

/** The order in units and parcels: what every sentence about where it stands goes by. */
export type Standing = {
  /** SKU units that were sold and that the seller ships. */
  readonly ordered: number;
  readonly cancelled: number;
  readonly elsewhere: number;
  readonly shipped: number;
  /** Neither cancelled nor shipped. */
  readonly open: number;
  readonly isHeld: boolean;
  /** With goods of the order in them, on the floor. */
  readonly openParcels: readonly ParcelFact[];
  readonly shippedParcels: readonly ParcelFact[];
};

export function standingOf(facts: OrderFacts): Standing {
  const parts = facts.order.lines.flatMap((line) => line.parts);
  const sum = (of: (part: (typeof parts)[number]) => number): number =>
    parts.reduce((units, part) => units + of(part), 0);
  const ordered = sum((part) => part.ordered);
  const cancelled = sum((part) => part.cancelled);
  const shipped = sum((part) => part.shipped);
  const filled = facts.parcels.filter((parcel) => parcel.lines.length > 0);
  return {
    ordered,
    cancelled,
    shipped,
    elsewhere: sum((part) => part.shippedElsewhere),
    open: ordered - cancelled - shipped,
    isHeld: isHeld(facts),
    openParcels: filled.filter(({ state }) => state !== 'shipped' && state !== 'cancelled'),
    shippedParcels: filled.filter(({ state }) => state === 'shipped'),
  };
}
