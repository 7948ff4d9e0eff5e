import type { AnnounceCommand, ShipmentsCapability } from '../../src/connector-kit/index.ts';
import { create, type SandboxIo } from './client.ts';
import type { Dialect } from './dialect.ts';
import { readOrder } from './read-order.ts';
import type { ShopSettings } from './settings.ts';

export function shipmentsWith(dialect: Dialect): ShipmentsCapability<ShopSettings> {
  return { announceShipment: (io, command) => announceShipment(io, dialect, command) };
}

/** The vendor keeps our package reference; a parcel that carries it is there already. */
async function announceShipment(
  io: SandboxIo,
  dialect: Dialect,
  command: AnnounceCommand,
): Promise<{ externalId: string }> {
  const order = await readOrder(io, dialect, command.orderExternalId);
  const shown = order.fulfilments.find(({ reference }) => reference === command.packageReference);
  if (shown !== undefined) return { externalId: shown.id };
  return create(io, `/orders/${command.orderExternalId}/fulfilments`, {
    reference: command.packageReference,
    tracking_number: command.trackingNumber,
    carrier: command.carrier,
    tracking_url: command.trackingUrl,
    shipped_at: command.shippedAt.toISOString(),
    lines: command.lines.map(({ lineExternalId, quantity }) => ({ line_id: lineExternalId, quantity })),
    if_version: order.ifVersion,
  });
}
