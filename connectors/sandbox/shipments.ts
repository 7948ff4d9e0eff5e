import type { AnnounceCommand, ShipmentsCapability } from '../../src/connector-kit/index.ts';
import { create, type SandboxIo } from './client.ts';
import { readOrder } from './read-order.ts';
import type { SandboxSettings } from './settings.ts';

/** The vendor keeps our package reference; a parcel that carries it is there already. */
async function announceShipment(io: SandboxIo, command: AnnounceCommand): Promise<{ externalId: string }> {
  const order = await readOrder(io, command.orderExternalId);
  const shown = order.fulfilments.find(({ reference }) => reference === command.packageReference);
  if (shown !== undefined) return { externalId: shown.id };
  return create(io, `/orders/${command.orderExternalId}/fulfilments`, {
    reference: command.packageReference,
    tracking_number: command.trackingNumber,
    carrier: command.carrier,
    tracking_url: command.trackingUrl,
    shipped_at: command.shippedAt.toISOString(),
    lines: command.lines.map(({ lineExternalId, quantity }) => ({ line_id: lineExternalId, quantity })),
    if_version: order.version,
  });
}

export const shipments: ShipmentsCapability<SandboxSettings> = { announceShipment };
