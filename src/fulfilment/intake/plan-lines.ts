import { newId, type OrderId, type SkuId } from '../../kernel/index.ts';
import type { ResolvedListing } from '../../channels/index.ts';
import {
  freshPart,
  partTarget,
  type CurrentLine,
  type LineRow,
  type LineUnits,
  type PartRow,
  type SoldLine,
  type SoldOrder,
  type UnitTarget,
} from '../../orders/index.ts';
import { makeWay, type Cover } from './splits.ts';

/** What the shop's items mean here: listings by their external id, SKUs by code for items whose listing is gone. */
export type Mapping = {
  readonly listings: ReadonlyMap<string, ResolvedListing>;
  readonly skusByCode: ReadonlyMap<string, SkuId>;
};

export type LinePlan = {
  readonly row: LineRow;
  /** In units of the listing, cumulative, as the document tells. */
  readonly units: LineUnits;
  readonly current: CurrentLine | null;
  readonly newParts: readonly PartRow[];
  /** Parts that exist, and what their counters must become. */
  readonly targets: readonly { readonly part: PartRow; readonly target: UnitTarget }[];
  readonly waits: boolean;
};

type Input = {
  readonly orderId: OrderId;
  readonly order: SoldOrder;
  readonly current: readonly CurrentLine[];
  readonly mapping: Mapping;
  readonly isCancelled: boolean;
  /** Where the channel split the order: what its parts take over. */
  readonly cover: Cover | null;
};

/** The lines of a document over those that stand; a line that the document no longer has is cancelled and costs nothing. */
export function planLines(input: Input): LinePlan[] {
  const known = new Map(input.current.map((line) => [line.externalId, line]));
  const told = input.order.lines.map((line, position) =>
    planLine(input, line, position, known.get(line.externalId) ?? null),
  );
  const toldIds = new Set(input.order.lines.map((line) => line.externalId));
  const removed = input.current.filter((line) => !toldIds.has(line.externalId)).map((line) => planRemoved(input, line));
  return [...told, ...removed];
}

function planLine(input: Input, line: SoldLine, position: number, current: CurrentLine | null): LinePlan {
  const units = lineUnits(line, input.isCancelled);
  const listing = line.listingExternalId === null ? undefined : input.mapping.listings.get(line.listingExternalId);
  const row = rowOf(input, line, { position, units, current, listing });
  if (current !== null && current.parts.length > 0) {
    return { row, units, current, newParts: [], targets: targetsOf(input, units, current), waits: false };
  }
  const isOurs = line.fulfilledBy === 'seller';
  const mapped = isOurs && line.quantity > 0 ? mappedSku(line, listing, input.mapping) : null;
  const newParts = mapped === null ? [] : [newPart(row, units, mapped, input.cover)];
  const stillToShip = units.quantity - units.cancelled - units.fulfilled > 0 && input.cover === null;
  return { row, units, current, newParts, targets: [], waits: isOurs && mapped === null && stillToShip };
}

type Seen = {
  readonly position: number;
  readonly units: LineUnits;
  readonly current: CurrentLine | null;
  readonly listing: ResolvedListing | undefined;
};

function rowOf(input: Input, line: SoldLine, { position, units, current, listing }: Seen): LineRow {
  return {
    id: current?.id ?? newId<'order_line'>(),
    orderId: input.orderId,
    externalId: line.externalId,
    position,
    title: line.title,
    quantity: line.quantity,
    cancelledQuantity: units.cancelled,
    channelFulfilledQuantity: Math.max(units.fulfilled, announcedHere(current)),
    unitPrice: line.unitPrice,
    amountMinor: soldAmount(input.order, line, current, input.current.length > 0),
    fulfilledBy: line.fulfilledBy,
    isGift: line.isGift,
    isPresale: line.isPresale,
    ...namesOf(line, current, listing),
  };
}

/** What was sold stays known when the channel deletes the product later. */
function namesOf(
  line: SoldLine,
  current: CurrentLine | null,
  listing: ResolvedListing | undefined,
): Pick<LineRow, 'listingId' | 'listingExternalId' | 'skuCode'> {
  return {
    listingId: listing?.listingId ?? current?.listingId ?? null,
    listingExternalId: line.listingExternalId ?? current?.listingExternalId ?? null,
    skuCode: line.sku ?? current?.skuCode ?? null,
  };
}

/** A cancelled order has cancelled whatever the channel does not show as fulfilled. */
function lineUnits(line: SoldLine, isCancelled: boolean): LineUnits {
  const rest = Math.max(0, line.quantity - line.fulfilledQuantity);
  const cancelled = isCancelled ? Math.max(line.cancelledQuantity, rest) : line.cancelledQuantity;
  return { quantity: line.quantity, cancelled, fulfilled: line.fulfilledQuantity };
}

/** A document read before the channel agreed to our parcel shows fewer; what left from here is not forgotten for that. */
function announcedHere(current: CurrentLine | null): number {
  if (current === null) return 0;
  const shipped = current.parts.map((part) => Math.floor(part.shipped / part.unitsPerLine));
  return Math.min(current.channelFulfilledQuantity, shipped.length === 0 ? 0 : Math.min(...shipped));
}

/** Amounts stay as first sold where the channel shows reduced ones; a line first seen reduced costs nothing. */
function soldAmount(order: SoldOrder, line: SoldLine, current: CurrentLine | null, isKnownOrder: boolean): number {
  if (!order.amountsAreReduced || !isKnownOrder) return line.amountMinor;
  return current?.amountMinor ?? 0;
}

function mappedSku(
  line: SoldLine,
  listing: ResolvedListing | undefined,
  mapping: Mapping,
): { skuId: SkuId; multiplier: number } | null {
  if (listing !== undefined)
    return listing.skuId === null ? null : { skuId: listing.skuId, multiplier: listing.multiplier };
  if (line.listingExternalId !== null || line.sku === null) return null;
  const skuId = mapping.skusByCode.get(line.sku);
  return skuId === undefined ? null : { skuId, multiplier: 1 };
}

function newPart(
  row: LineRow,
  units: LineUnits,
  mapped: { skuId: SkuId; multiplier: number },
  cover: Cover | null,
): PartRow {
  const fresh = freshPart(mapped.multiplier);
  const part = {
    id: newId<'order_line_part'>(),
    orderLineId: row.id,
    orderId: row.orderId,
    skuId: mapped.skuId,
    ...fresh,
  };
  return { ...part, ...makeWay(part, partTarget(units, fresh), cover) };
}

function targetsOf(input: Input, units: LineUnits, line: CurrentLine): LinePlan['targets'] {
  return line.parts.map((part) => ({ part, target: makeWay(part, partTarget(units, part), input.cover) }));
}

/** The channel shows nothing of it any more; what left from here still did. */
function planRemoved(input: Input, line: CurrentLine): LinePlan {
  const units = { quantity: line.quantity, cancelled: line.quantity, fulfilled: 0 };
  const { parts: _parts, ...columns } = line;
  const row = {
    ...columns,
    cancelledQuantity: line.quantity,
    channelFulfilledQuantity: announcedHere(line),
    amountMinor: input.order.amountsAreReduced ? line.amountMinor : 0,
  };
  return { row, units, current: line, newParts: [], targets: targetsOf(input, units, line), waits: false };
}
