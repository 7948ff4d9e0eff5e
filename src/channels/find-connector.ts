import { Fault } from '../kernel/index.ts';
import type { AnyConnector } from '../connector-kit/index.ts';
import type { ConnectorRegistry } from './deps.ts';

/** Throws Fault `channel.unknown`, which names the field and the channels there are. */
export function findConnector(connectors: ConnectorRegistry, channel: string): AnyConnector {
  const connector = connectors.get(channel);
  if (connector !== undefined) return connector;
  const known = [...connectors.keys()].toSorted();
  const message = `is not a channel; there are ${known.join(', ')}`;
  throw new Fault('invalid', 'channel.unknown', {
    message: `channel: ${message}`,
    data: { channel, known },
    fields: [{ path: 'channel', code: 'channel.unknown', message }],
  });
}
