import { sandbox } from '../../connectors/sandbox/index.ts';
import { vendure } from '../../connectors/vendure/index.ts';
import type { ConnectorRegistry } from '../channels/index.ts';

/** Every channel this program speaks. Adding one is this line and its folder. */
export const connectors: ConnectorRegistry = new Map(
  [sandbox, vendure].map((connector) => [connector.code, connector]),
);
