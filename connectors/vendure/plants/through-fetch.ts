import type { AnyConnector, ConnectorIo } from '../../../src/connector-kit/index.ts';

type Io = ConnectorIo<unknown>;

/** The same connector with something between it and its channel: every call gets a changed `io`. */
export function through(connector: AnyConnector, change: (io: Io) => Io): AnyConnector {
  const { orders, listings, stock, shipments } = connector;
  return {
    ...connector,
    check: (io) => connector.check(change(io)),
    orders: { ...orders, ...changed(orders, change) },
    ...(listings && { listings: { ...listings, ...changed(listings, change) } }),
    ...(stock && { stock: { ...stock, ...changed(stock, change) } }),
    ...(shipments && { shipments: { ...shipments, ...changed(shipments, change) } }),
  };
}

/** The calls that take an `io`; translations do not. */
const calls = /^(pull|read|count|cancel|refund|push|list|announce)/;

function changed(capability: object, change: (io: Io) => Io): Record<string, unknown> {
  const own = Object.entries(capability).filter(([name, call]) => calls.test(name) && typeof call === 'function');
  return Object.fromEntries(
    own.map(([name, call]) => [name, (io: Io, ...rest: unknown[]) => call(change(io), ...rest)]),
  );
}

/** As `through`, for what can be done to a request alone. */
export function throughFetch(
  connector: AnyConnector,
  around: (inner: typeof globalThis.fetch, input: Request, io: Io) => Promise<Response>,
): AnyConnector {
  return through(connector, (io) => ({
    ...io,
    fetch: (input, init) => around(io.fetch, new Request(input, init), io),
  }));
}
