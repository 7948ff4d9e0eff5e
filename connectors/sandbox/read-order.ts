import { ChannelFault } from '../../src/connector-kit/index.ts';
import { get, type SandboxIo } from './client.ts';
import type { Dialect } from './dialect.ts';
import { wireOrderPage, type WireOrder } from './wire.ts';

/** The order as it stands now, for a write that must read first. Fault `not_found`. */
export async function readOrder(io: SandboxIo, dialect: Dialect, externalId: string): Promise<KnownOrder> {
  const page = await get(io, '/orders', { ids: externalId }, wireOrderPage);
  const [order] = page.orders;
  if (order === undefined) throw new ChannelFault({ kind: 'not_found' });
  const ifVersion = dialect.comparesVersions ? Number(dialect.versionOf(order)) : null;
  return { ...dialect.read(order, io.settings), ifVersion };
}

/** `ifVersion` is what a write decided on it names as its condition; null where the shop knows none. */
export type KnownOrder = WireOrder & { readonly ifVersion: number | null };
