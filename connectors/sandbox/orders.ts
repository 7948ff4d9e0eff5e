import type { OrdersCapability, PullDescriptor, RawDocument } from '../../src/connector-kit/index.ts';
import { cancelWith } from './cancels.ts';
import { get, parseWire, type SandboxIo } from './client.ts';
import { toDocument, type Dialect } from './dialect.ts';
import { refundWith } from './refunds.ts';
import type { ShopSettings } from './settings.ts';
import { translateWith } from './to-channel-order.ts';
import { wireCount, wireOrderHead, wireOrderPage } from './wire.ts';

/**
 * The vendor lists by (updated_at, id), ascending, from `since` on; its cursor is the key of the last row. A row that
 * changes while pages are read moves to the end and is seen again.
 */
export type SandboxOrderState = {
  readonly since: string;
  readonly cursor: string | null;
  /** The latest change seen, by the vendor's clock: the next poll starts `overlapMs` before it. */
  readonly highest: string;
};

const keysetPull: PullDescriptor = {
  pageSizeMax: 100,
  firstPage: 'keyset',
  direction: 'ascending',
  overlapMs: 10_000,
  windowMs: null,
  lagMs: 5_000,
};

/** How a shop writes the times that its list is searched by. */
export type ChangeClock<Settings extends ShopSettings> = {
  /** The instant of a change time, in ms since 1970. Throws ChannelFault `unknown_code`. */
  read(text: string, settings: Settings): number;
  write(at: Date, settings: Settings): string;
  /** How far the clock may be put back: no later time is left out that reads as an earlier one. */
  readonly putBackMs: number;
};

export const utcClock: ChangeClock<ShopSettings> = {
  read: (text) => Date.parse(text),
  write: (at) => at.toISOString(),
  putBackMs: 0,
};

export type Orders<Settings> = OrdersCapability<Settings, SandboxOrderState>;

/** The orders of a shop with a list by cursor. */
export function ordersWith<Settings extends ShopSettings>(
  dialect: Dialect,
  clock: ChangeClock<Settings>,
): Orders<Settings> & Required<Pick<Orders<Settings>, 'countOrders' | 'cancelOrder' | 'refundOrder'>> {
  const descriptor = { ...keysetPull, overlapMs: keysetPull.overlapMs + clock.putBackMs };
  return {
    pull: descriptor,
    rereadOpen: false,
    async pullOrders(io, state, since) {
      const from = clock.write(new Date(since.getTime() - clock.putBackMs), io.settings);
      const at = state ?? { since: from, cursor: null, highest: from };
      const query = { since: at.since, cursor: at.cursor, limit: String(descriptor.pageSizeMax) };
      const page = await get(io, '/orders', query, wireOrderPage);
      const heads = page.orders.map((order) => parseWire(wireOrderHead, order));
      const highest = heads.reduce((latest, { updated_at }) => (updated_at > latest ? updated_at : latest), at.highest);
      const resumeAt = new Date(clock.read(highest, io.settings) - descriptor.overlapMs);
      return {
        items: page.orders.map((order) => toDocument(dialect, order)),
        next: page.next_cursor === null ? null : { since: at.since, cursor: page.next_cursor, highest },
        resume: { since: clock.write(resumeAt, io.settings), cursor: null, highest },
      };
    },
    readOrders: readOrdersWith(dialect),
    countOrders,
    toChannelOrder: translateWith(dialect),
    cancelOrder: cancelWith(dialect),
    refundOrder: refundWith(dialect),
  };
}

export function readOrdersWith(dialect: Dialect) {
  return async (io: SandboxIo, externalIds: readonly string[]): Promise<readonly RawDocument[]> => {
    if (externalIds.length === 0) return [];
    const page = await get(io, '/orders', { ids: externalIds.join(',') }, wireOrderPage);
    return page.orders.map((order) => toDocument(dialect, order));
  };
}

export async function countOrders(io: SandboxIo, since: Date): Promise<number> {
  const { count } = await get(io, '/orders/count', { placed_since: since.toISOString() }, wireCount);
  return count;
}
