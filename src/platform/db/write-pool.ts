import pg from 'pg';
import * as defaults from '../../../config/defaults.ts';
import type { Log } from '../log/index.ts';
import { giveUpWhenSilent, silenceMs, socketOf } from './silent-server.ts';

export type PoolOptions = {
  readonly size: number;
  readonly statementTimeoutMs: number;
  readonly applicationName: string;
  readonly readOnly?: boolean;
  readonly log: Log;
};

/** A `pg` pool whose connections carry their time-outs from the start: no round trip is added to a transaction. */
export function openPool(url: string, options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: withSessionOptions(url, options.readOnly === true ? ['default_transaction_read_only=on'] : []),
    max: options.size,
    connectionTimeoutMillis: defaults.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    lock_timeout: defaults.lockTimeoutMs,
    idle_in_transaction_session_timeout: defaults.idleInTransactionTimeoutMs,
    application_name: options.applicationName,
    keepAlive: true,
  });
  const onError = (error: Error): void => options.log.warn({ reason: error.name }, 'a database connection was lost');
  pool.on('error', onError);
  pool.on('connect', (client) => {
    client.on('error', onError);
    const socket = socketOf(client);
    if (socket !== null) giveUpWhenSilent(socket, silenceMs(options.statementTimeoutMs));
  });
  return pool;
}

/** Adds session settings to a connection URL, as libpq's `options` does; what the URL already sets stays. */
function withSessionOptions(url: string, settings: readonly string[]): string {
  const parsed = new URL(url);
  const own = ['TimeZone=UTC', ...settings].map((setting) => `-c ${setting}`).join(' ');
  const present = parsed.searchParams.get('options');
  parsed.searchParams.set('options', present === null ? own : `${own} ${present}`);
  return parsed.href;
}
