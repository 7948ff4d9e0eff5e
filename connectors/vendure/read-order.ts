import { ChannelFault, parseLossless } from '../../src/connector-kit/index.ts';
import { readWire, type VendureIo } from './client.ts';
import { readOrders } from './pull-orders.ts';
import { wireOrder, type WireOrder } from './wire.ts';

/** One order as it stands now, read before every write: Vendure accepts a repeated write, and two at once. */
export async function readOrder(io: VendureIo, externalId: string): Promise<WireOrder> {
  const [document] = await readOrders(io, [externalId]);
  if (document === undefined) throw new ChannelFault({ kind: 'not_found' });
  return readWire(wireOrder, parseLossless(document.body));
}
