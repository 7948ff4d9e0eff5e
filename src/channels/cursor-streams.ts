import type { AnyConnector } from '../connector-kit/index.ts';

/**
 * What a shop's lane does on its own clock. `orders` and `listings` are polls; `open_orders` reads open orders again where
 * the change clock lies; `sweep` compares counts and fetches what is missing; `webhooks` registers the hub's address.
 */
export const cursorStreams = ['orders', 'listings', 'open_orders', 'sweep', 'webhooks'] as const;

export type CursorStream = (typeof cursorStreams)[number];

/** The streams that a connector has the capabilities for. */
export function streamsOf(connector: AnyConnector): CursorStream[] {
  const has: Readonly<Record<CursorStream, boolean>> = {
    orders: connector.orders.pullOrders !== undefined,
    listings: connector.listings?.pullListings !== undefined,
    open_orders: connector.orders.rereadOpen,
    sweep: connector.orders.pullOrders !== undefined,
    webhooks: connector.webhooks?.register !== undefined,
  };
  return cursorStreams.filter((stream) => has[stream]);
}
