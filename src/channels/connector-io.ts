import type { AnyConnector, ConnectorIo } from '../connector-kit/index.ts';
import { patientFetch } from '../platform/http/index.ts';
import type { ShopDeps } from './deps.ts';
import { meteredFetch } from './metered-fetch.ts';

/** All that a connector gets of the world: its settings and a fetch that is bound to its own origin. */
export function connectorIo(
  deps: Pick<ShopDeps, 'outgoing' | 'log' | 'metrics'>,
  connector: AnyConnector,
  call: { settings: unknown; signal: AbortSignal; now: Date; shopId: string | null },
): ConnectorIo<unknown> {
  return {
    settings: call.settings,
    fetch: patientFetch(
      meteredFetch(deps, call.shopId, deps.outgoing.fetchFor({ origin: connector.origin(call.settings) })),
    ),
    now: call.now,
    signal: call.signal,
    log: deps.log.child({ channel: connector.code, shopId: call.shopId }),
  };
}
