import type { ChannelPackage } from '../../src/connector-kit/index.ts';
import { fromFulfilmentState } from './codes.ts';
import type { WireOrder } from './wire.ts';

export function toPackages(order: WireOrder): ChannelPackage[] {
  return (order.fulfillments ?? []).map((fulfilment) => ({
    externalId: fulfilment.id,
    trackingNumber: fulfilment.trackingCode === '' ? null : fulfilment.trackingCode,
    carrier: fulfilment.method === '' ? null : fulfilment.method,
    state: fromFulfilmentState(fulfilment.state),
    lines: fulfilment.lines.map(({ orderLineId, quantity }) => ({ lineExternalId: orderLineId, quantity })),
  }));
}

/**
 * Units of a line in fulfilments that stand. Vendure takes them out of the allocation as soon as the fulfilment is made,
 * before it is shipped, so a pending one counts.
 */
export function unitsIn(packages: readonly ChannelPackage[], lineId: string): number {
  return packages
    .filter((parcel) => parcel.state !== 'cancelled')
    .flatMap((parcel) => parcel.lines)
    .reduce((sum, line) => sum + (line.lineExternalId === lineId ? line.quantity : 0), 0);
}
