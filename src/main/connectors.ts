import type { ConnectorRegistry } from '../channels/index.ts';
import * as list from './connector-list.ts';

/** The channels of connector-list.ts by their codes. Adding one is a line there and its folder. */
export const connectors: ConnectorRegistry = new Map(
  Object.values(list).map((connector) => [connector.code, connector]),
);
