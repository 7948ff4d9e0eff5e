import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import * as defaults from '../../../config/defaults.ts';
import type { ReadDb } from './context.ts';
import { openSockets, silenceMs } from './silent-server.ts';

export type ReadingSide = { readonly db: ReadDb; close(): Promise<void> };

/** postgres.js knows `max_pipeline` and `socket`; its types do not. */
type Options = NonNullable<Parameters<typeof postgres>[1]> & {
  max_pipeline: number;
  socket: ReturnType<typeof openSockets>;
};

const reconnectDelayS = 0.2;

/** Drizzle over postgres.js. Read-only by its session; by its role too where `url` logs in as the reader. */
export function openReadingSide(url: string, size: number): ReadingSide {
  const options: Options = {
    max: size,
    max_pipeline: defaults.readPipelineMax,
    // Its array parser reads a NULL element as the text "NULL": `rows` and drizzle's columns read arrays themselves.
    fetch_types: false,
    connect_timeout: defaults.connectTimeoutMs / 1_000,
    // Its own waits grow to 20 s, and every read waits with them, also when the server is back.
    backoff: () => reconnectDelayS,
    socket: openSockets(silenceMs(defaults.statementTimeoutMs)),
    onnotice: () => undefined,
    connection: {
      application_name: 'wharf-read',
      TimeZone: 'UTC',
      default_transaction_read_only: true,
      statement_timeout: defaults.statementTimeoutMs,
      lock_timeout: defaults.lockTimeoutMs,
      idle_in_transaction_session_timeout: defaults.idleInTransactionTimeoutMs,
    },
  };
  const client = postgres(url, options);
  const db = drizzle(client);
  const { serializers } = client.options;
  for (const oid of [1082, 1114, 1184]) serializers[oid] = dateText;
  for (const oid of [114, 3802]) serializers[oid] = jsonText;
  // After a killed connection `end` waits for its whole time-out (3.4.9), though nothing is left to wait for.
  return { db, close: () => client.end({ timeout: 1 }) };
}

/** Drizzle makes these serializers pass everything through, and a Date or an object then breaks the connection's writer. */
function dateText(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}

function jsonText(value: unknown): unknown {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
