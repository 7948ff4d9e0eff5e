import type { OrderLineId } from '../kernel/index.ts';

/** One part of an order line that has goods in the shipment being announced. Units are SKU units. */
export type ShippedPart = {
  readonly orderLineId: OrderLineId;
  readonly lineExternalId: string;
  readonly unitsPerLine: number;
  /** Units of this part in this shipment. */
  readonly units: number;
  /** Units of this part in shipments that are announced already. */
  readonly unitsBefore: number;
};

export type AnnouncedLine = {
  readonly orderLineId: OrderLineId;
  readonly lineExternalId: string;
  readonly quantity: number;
};

/**
 * Units of the listing that a shipment completes. A channel knows whole six-packs only: a line counts as far as all of its
 * parts have left, so the differences of that cumulative count sum to the line over any number of shipments. `parts` holds
 * every part of a line, those without units in this shipment too.
 */
export function announcedLines(parts: readonly ShippedPart[]): AnnouncedLine[] {
  const lines = new Map<OrderLineId, { lineExternalId: string; before: number; after: number }>();
  for (const part of parts) {
    const before = Math.floor(part.unitsBefore / part.unitsPerLine);
    const after = Math.floor((part.unitsBefore + part.units) / part.unitsPerLine);
    const line = lines.get(part.orderLineId);
    if (line === undefined) {
      lines.set(part.orderLineId, { lineExternalId: part.lineExternalId, before, after });
    } else {
      line.before = Math.min(line.before, before);
      line.after = Math.min(line.after, after);
    }
  }
  return [...lines]
    .map(([orderLineId, line]) => ({
      orderLineId,
      lineExternalId: line.lineExternalId,
      quantity: line.after - line.before,
    }))
    .filter((line) => line.quantity > 0);
}
