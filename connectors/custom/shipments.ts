import type { AnnounceCommand, ShipmentsCapability } from '../../src/connector-kit/index.ts';
import { send, type CustomIo } from './client.ts';
import type { CustomSettings } from './settings.ts';

/** The package is known by our reference on both sides: it is the message's id and the package's. */
async function announceShipment(io: CustomIo, command: AnnounceCommand): Promise<{ externalId: string }> {
  const { packageReference, shippedAt, ...rest } = command;
  const data = { packageReference, ...rest, shippedAt: shippedAt.toISOString() };
  await send(io, `shipment_${packageReference}`, 'shipment.shipped', data);
  return { externalId: packageReference };
}

export const shipments: ShipmentsCapability<CustomSettings> = { announceShipment };
