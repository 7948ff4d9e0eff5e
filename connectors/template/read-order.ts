import { ChannelFault } from '../../src/connector-kit/index.ts';
import { get, parseWire, type AcmeShopIo } from './client.ts';
import { wireOrder, wireOrderPage, type WireOrder } from './wire.ts';

/** The order as it stands now, for a write that must read first. Fault `not_found`. */
export async function readOrder(io: AcmeShopIo, externalId: string): Promise<WireOrder> {
  const page = await get(io, '/orders', { ids: externalId }, wireOrderPage);
  const [order] = page.orders;
  if (order === undefined) throw new ChannelFault({ kind: 'not_found' });
  return parseWire(wireOrder, order);
}
