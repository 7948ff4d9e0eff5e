import type { AnnounceCommand, ShipmentsCapability } from '../../src/connector-kit/index.ts';
import { write, type AcmeShopIo } from './client.ts';
import { readOrder } from './read-order.ts';
import type { AcmeShopSettings } from './settings.ts';
import { wireCreated } from './wire.ts';

/** The vendor keeps our reference and makes a second package if asked twice: one that carries it is there already. */
async function announceShipment(io: AcmeShopIo, command: AnnounceCommand): Promise<{ externalId: string }> {
  const order = await readOrder(io, command.orderExternalId);
  const shown = order.packages.find(({ reference }) => reference === command.packageReference);
  if (shown !== undefined) return { externalId: shown.id };
  const body = {
    reference: command.packageReference,
    tracking_number: command.trackingNumber,
    carrier: command.carrier,
    items: command.lines.map(({ lineExternalId, quantity }) => ({ item_id: lineExternalId, quantity })),
  };
  const { id } = await write(io, 'POST', `/orders/${order.id}/packages`, body, wireCreated);
  return { externalId: id };
}

export const shipments: ShipmentsCapability<AcmeShopSettings> = { announceShipment };
