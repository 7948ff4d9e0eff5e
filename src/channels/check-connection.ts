import { ChannelFault, secretFields, type AnyConnector, type ConnectionReport } from '../connector-kit/index.ts';
import { Fault, type FaultKind, type FieldFault } from '../kernel/index.ts';
import { connectorIo } from './connector-io.ts';
import type { ShopDeps } from './deps.ts';
import { findConnector } from './find-connector.ts';
import { addressPath, parseSettings, type SplitSettings } from './shop-settings.ts';

/** A person waits for the answer. */
const checkTimeoutMs = 30_000;

/**
 * Signs in at the channel with settings that are not stored yet, and says what was found there. A foreign call: never
 * inside a transaction. Throws Fault `channel.unknown`, `shop.bad_settings`, `shop.credentials_refused`,
 * `shop.unreachable`, `shop.rate_limited` or `shop.refused`; each names the setting to look at.
 */
export async function checkConnection(
  deps: ShopDeps,
  input: { readonly channel: string; readonly settings: unknown },
): Promise<ConnectionReport> {
  const connector = findConnector(deps.connectors, input.channel);
  const split = parseSettings(connector, input.settings);
  try {
    const signal = AbortSignal.timeout(checkTimeoutMs);
    return await connector.check(
      connectorIo(deps, connector, { settings: split.settings, signal, now: deps.clock.now(), shopId: null }),
    );
  } catch (error) {
    throw error instanceof ChannelFault ? connectionFault(connector, split, error) : error;
  }
}

function connectionFault(connector: AnyConnector, split: SplitSettings, fault: ChannelFault): Fault {
  const address = [addressPath(connector, split)];
  const credentials = secretFields(connector.settings).map((name) => `settings.${name}`);
  switch (fault.reason.kind) {
    case 'unauthorised':
      return named('invalid', 'shop.credentials_refused', 'the channel refuses these credentials', credentials, fault);
    case 'rate_limited':
      return new Fault('rate_limited', 'shop.rate_limited', {
        message: 'the channel asks us to slow down',
        cause: fault,
        ...(fault.reason.retryAfterMs === null ? {} : { retryAfterMs: fault.reason.retryAfterMs }),
      });
    case 'unavailable':
    case 'outcome_unknown':
      return named('unavailable', 'shop.unreachable', 'the channel does not answer at this address', address, fault);
    case 'not_found':
    case 'gone':
    case 'conflict':
    case 'rejected':
    case 'unknown_code':
      return named('invalid', 'shop.refused', fault.message, address, fault);
  }
}

function named(kind: FaultKind, code: string, message: string, paths: readonly string[], cause: ChannelFault): Fault {
  const fields: FieldFault[] = paths.map((path) => ({ path, code, message }));
  return new Fault(kind, code, { message: `${paths.join(', ')}: ${message}`, fields, cause });
}
