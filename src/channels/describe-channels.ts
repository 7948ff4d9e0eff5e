import { z } from 'zod';
import { secretFields, type AnyConnector } from '../connector-kit/index.ts';
import type { ConnectorRegistry } from './deps.ts';

export type ChannelDescription = {
  readonly code: string;
  readonly label: { readonly en: string; readonly zh: string };
  /** JSON Schema of the settings: what a connect form is drawn from. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Names of the settings that are credentials: never shown again once stored. */
  readonly secrets: readonly string[];
  readonly capabilities: readonly ('orders' | 'listings' | 'stock' | 'shipments' | 'webhooks')[];
};

/** What can be connected, by code. */
export function describeChannels(connectors: ConnectorRegistry): ChannelDescription[] {
  return [...connectors.values()].toSorted((a, b) => (a.code < b.code ? -1 : 1)).map(describeChannel);
}

export function describeChannel(connector: AnyConnector): ChannelDescription {
  return {
    code: connector.code,
    label: connector.label,
    settings: z.toJSONSchema(connector.settings, { io: 'input', unrepresentable: 'any' }),
    secrets: secretFields(connector.settings),
    capabilities: (['orders', 'listings', 'stock', 'shipments', 'webhooks'] as const).filter(
      (capability) => connector[capability] !== undefined,
    ),
  };
}
