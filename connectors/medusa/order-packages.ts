import type { ChannelPackage } from '../../src/connector-kit/index.ts';
import { byId } from './order-lines.ts';
import type { WireFulfilment, WireItem, WireOrder } from './wire.ts';

/** Our keys in a fulfilment's metadata: which parcel it is, and who carries it, for which Medusa has no place. */
export const packageKey = 'wharf_package';
export const carrierKey = 'wharf_carrier';

export function toPackages(order: WireOrder): ChannelPackage[] {
  const items = [...order.items, ...order.first_items];
  return (order.fulfillments ?? []).toSorted(byId).map((fulfilment) => ({
    externalId: fulfilment.id,
    trackingNumber: fulfilment.labels?.[0]?.tracking_number || null,
    carrier: noteOf(fulfilment, carrierKey),
    state: stateOf(fulfilment),
    lines: linesOf(fulfilment, items),
  }));
}

export function noteOf(fulfilment: Pick<WireFulfilment, 'metadata'>, key: string): string | null {
  const value = fulfilment.metadata?.[key];
  return typeof value === 'string' && value !== '' ? value : null;
}

function stateOf(fulfilment: WireFulfilment): ChannelPackage['state'] {
  if (fulfilment.canceled_at) return 'cancelled';
  if (fulfilment.delivered_at) return 'delivered';
  return fulfilment.shipped_at ? 'shipped' : 'pending';
}

/**
 * A fulfilment has a row for each inventory item: a kit of three is three rows of its line, each counting that item's own
 * units. Divided by what the variant needs of it, all of them say the same number.
 */
function linesOf(fulfilment: WireFulfilment, items: readonly WireItem[]): ChannelPackage['lines'] {
  const units = new Map<string, number>();
  for (const row of fulfilment.items ?? []) {
    const item = items.find(({ id }) => id === row.line_item_id);
    if (item === undefined) continue;
    const needed = item.variant?.inventory_items?.find((each) => each.inventory_item_id === row.inventory_item_id);
    units.set(item.id, Math.floor(row.quantity / (needed?.required_quantity ?? 1)));
  }
  return [...units].map(([lineExternalId, quantity]) => ({ lineExternalId, quantity }));
}
