import { deliver, type ConnectorIo } from '../../src/connector-kit/index.ts';
import { secretsAt, type CustomSettings } from './settings.ts';

export type CustomIo = ConnectorIo<CustomSettings>;

/** Sends the store one message. `id` must be the same at every attempt to say the same thing. */
export function send(io: CustomIo, id: string, type: string, data: unknown): Promise<void> {
  const { endpointUrl } = io.settings;
  return deliver(io, { url: endpointUrl, secrets: secretsAt(io.settings, io.now), id, type, data });
}
