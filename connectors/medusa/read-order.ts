import { ChannelFault, parseLossless } from '../../src/connector-kit/index.ts';
import { readWire, type MedusaIo } from './client.ts';
import { readOrders } from './pull-orders.ts';
import { wireOrder, type WireOrder } from './wire.ts';

/** One order as it stands now, read before every write: Medusa accepts a repeated fulfilment, and two at once. */
export async function readOrder(io: MedusaIo, externalId: string): Promise<WireOrder> {
  const [document] = await readOrders(io, [externalId]);
  if (document === undefined) throw new ChannelFault({ kind: 'not_found' });
  return readWire(wireOrder, parseLossless(document.body));
}
