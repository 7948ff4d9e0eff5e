import type { AnnounceCommand, ShipmentsCapability } from '../../src/connector-kit/index.ts';
import { mutateVendure, type VendureIo } from './client.ts';
import { fromFulfilmentState } from './codes.ts';
import { fulfilDocument, moveFulfilmentDocument } from './documents.ts';
import { readOrder } from './read-order.ts';
import type { VendureSettings } from './settings.ts';
import { wireMade, type WireFulfilment, type WireOrder } from './wire.ts';

export const shipments: ShipmentsCapability<VendureSettings> = { announceShipment };

/**
 * One fulfilment per parcel, moved to Shipped. Known again by its tracking code and its lines; a parcel without tracking
 * carries our package reference there, because Vendure has no other place for it.
 */
async function announceShipment(io: VendureIo, command: AnnounceCommand): Promise<{ externalId: string }> {
  const order = await readOrder(io, command.orderExternalId);
  const fulfilment = findSame(order, command) ?? (await addFulfilment(io, command));
  if (fromFulfilmentState(fulfilment.state ?? 'Pending') === 'pending') {
    const variables = { id: fulfilment.id, state: 'Shipped' };
    const call = { document: moveFulfilmentDocument, variables };
    await mutateVendure(io, call, 'transitionFulfillmentToState', wireMade);
  }
  return { externalId: fulfilment.id };
}

function findSame(order: WireOrder, command: AnnounceCommand): WireFulfilment | null {
  const wanted = linesKey(command.lines);
  const same = (order.fulfillments ?? []).find(
    (fulfilment) =>
      fromFulfilmentState(fulfilment.state) !== 'cancelled' &&
      fulfilment.trackingCode === trackingCode(command) &&
      linesKey(fulfilment.lines.map((row) => ({ lineExternalId: row.orderLineId, quantity: row.quantity }))) === wanted,
  );
  return same ?? null;
}

function addFulfilment(io: VendureIo, command: AnnounceCommand): Promise<{ id: string; state?: string | undefined }> {
  const input = {
    lines: command.lines.map(({ lineExternalId, quantity }) => ({ orderLineId: lineExternalId, quantity })),
    handler: {
      code: 'manual-fulfillment',
      arguments: [
        { name: 'method', value: command.carrier },
        { name: 'trackingCode', value: trackingCode(command) },
      ],
    },
  };
  return mutateVendure(io, { document: fulfilDocument, variables: { input } }, 'addFulfillmentToOrder', wireMade);
}

function trackingCode(command: AnnounceCommand): string {
  return command.trackingNumber === '' ? command.packageReference : command.trackingNumber;
}

function linesKey(lines: AnnounceCommand['lines']): string {
  return lines
    .map((line) => `${line.lineExternalId}×${line.quantity}`)
    .toSorted()
    .join(' ');
}
