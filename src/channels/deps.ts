import type { AnyConnector } from '../connector-kit/index.ts';
import type { Clock } from '../kernel/index.ts';
import type { Keyring } from '../platform/crypto/index.ts';
import type { Database } from '../platform/db/index.ts';
import type { Outgoing } from '../platform/http/index.ts';
import type { Log } from '../platform/log/index.ts';
import type { Metrics } from '../platform/metrics/index.ts';

/** Connectors by their code, listed in `main/`. */
export type ConnectorRegistry = ReadonlyMap<string, AnyConnector>;

/** What a verb needs that calls a channel or opens credentials. */
export type ShopDeps = {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly connectors: ConnectorRegistry;
  readonly outgoing: Outgoing;
  readonly clock: Clock;
  readonly log: Log;
  /** Absent where nobody measures. */
  readonly metrics?: Metrics;
};
