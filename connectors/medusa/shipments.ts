import { ChannelFault, type AnnounceCommand, type ShipmentsCapability } from '../../src/connector-kit/index.ts';
import { postMedusa, type MedusaIo } from './client.ts';
import { carrierKey, noteOf, packageKey } from './order-packages.ts';
import { readOrder } from './read-order.ts';
import type { MedusaSettings } from './settings.ts';
import { wireFulfilled, wireWritten, type WireOrder } from './wire.ts';

export const shipments: ShipmentsCapability<MedusaSettings> = { announceShipment };

/**
 * One fulfilment per parcel, known again by our package reference in its metadata, then shipped with its label. A crash
 * between the two leaves a fulfilment that the next try finds and ships. No location is named: the units leave where each
 * line is reserved, and a name would take them off another shelf.
 */
async function announceShipment(io: MedusaIo, command: AnnounceCommand): Promise<{ externalId: string }> {
  const order = await readOrder(io, command.orderExternalId);
  const shown = findOwn(order.fulfillments ?? [], command);
  const id = shown?.id ?? (await fulfil(io, order, command));
  if (!shown?.shipped_at) await ship(io, order.id, id, command);
  return { externalId: id };
}

function findOwn<
  Row extends { canceled_at?: string | null | undefined; metadata?: Record<string, unknown> | null | undefined },
>(fulfilments: readonly Row[], command: AnnounceCommand): Row | undefined {
  return fulfilments.find((row) => !row.canceled_at && noteOf(row, packageKey) === command.packageReference);
}

async function fulfil(io: MedusaIo, order: WireOrder, command: AnnounceCommand): Promise<string> {
  const body = {
    items: itemsOf(command),
    metadata: { [packageKey]: command.packageReference, [carrierKey]: command.carrier },
  };
  const path = `/orders/${encodeURIComponent(order.id)}/fulfillments`;
  const answer = await postMedusa(io, path, body, wireFulfilled, [['fields', 'id,*fulfillments']]);
  const made = findOwn(answer.order.fulfillments, command);
  if (made === undefined)
    throw new ChannelFault({ kind: 'outcome_unknown' }, 'outcome unknown: no fulfilment is shown');
  return made.id;
}

async function ship(io: MedusaIo, orderId: string, fulfilmentId: string, command: AnnounceCommand): Promise<void> {
  const path = `/orders/${encodeURIComponent(orderId)}/fulfillments/${encodeURIComponent(fulfilmentId)}/shipments`;
  const label = { tracking_number: command.trackingNumber, tracking_url: linkOf(command.trackingUrl), label_url: '' };
  const labels = command.trackingNumber === '' ? [] : [label];
  await postMedusa(io, path, { items: itemsOf(command), labels }, wireWritten, [['fields', 'id']]);
}

function itemsOf(command: AnnounceCommand): { id: string; quantity: number }[] {
  return command.lines.map(({ lineExternalId, quantity }) => ({ id: lineExternalId, quantity }));
}

/** Medusa refuses the whole shipment for a link of another kind; the field is required and may be empty. */
function linkOf(url: string | null): string {
  return url !== null && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : '';
}
