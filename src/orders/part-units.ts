import { Fault, quantityMax } from '../kernel/index.ts';

/** A line as the channel shows it now, in units of the listing, cumulative. */
export type LineUnits = { readonly quantity: number; readonly cancelled: number; readonly fulfilled: number };

export type PartCounters = {
  readonly unitsPerLine: number;
  readonly ordered: number;
  readonly cancelled: number;
  readonly shipped: number;
  readonly shippedElsewhere: number;
};

export type UnitTarget = { readonly ordered: number; readonly cancelled: number; readonly shippedElsewhere: number };

export function freshPart(unitsPerLine: number): PartCounters {
  return { unitsPerLine, ordered: 0, cancelled: 0, shipped: 0, shippedElsewhere: 0 };
}

/**
 * What a part's counters must become, in SKU units. `ordered` never falls: units that a lowered quantity dropped count as
 * cancelled, like those the channel cancelled. Units that the channel shows as fulfilled and that did not leave from here
 * are not ours to ship and count as cancelled too. Our own parcels are shown by the channel later than they leave, so the
 * shown number only bounds them: at least `shown − shipped` and at most `shown` units went elsewhere, and between those
 * the number found earlier stands.
 */
export function partTarget(line: LineUnits, part: PartCounters): UnitTarget {
  const wanted = line.quantity * part.unitsPerLine;
  const ordered = Math.max(part.ordered, wanted);
  if (ordered > quantityMax) {
    throw new Fault('invalid', 'order.quantity_too_large', {
      message: `more than ${quantityMax} units`,
      data: { ordered },
    });
  }
  const cancellable = ordered - part.shipped;
  const byChannel = Math.min(ordered - wanted + line.cancelled * part.unitsPerLine, cancellable);
  const shown = line.fulfilled * part.unitsPerLine;
  const found = Math.min(Math.max(part.shippedElsewhere, shown - part.shipped), shown);
  const shippedElsewhere = Math.min(found, cancellable - byChannel);
  return { ordered, cancelled: byChannel + shippedElsewhere, shippedElsewhere };
}
