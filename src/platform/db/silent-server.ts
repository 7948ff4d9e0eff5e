import { Socket } from 'node:net';
import * as defaults from '../../../config/defaults.ts';

/** A server that is there has ended the statement or the transaction by its own limits before this is over. */
const marginMs = 5_000;

/** How long a connection may say nothing whose statements may take `statementTimeoutMs`. */
export function silenceMs(statementTimeoutMs: number): number {
  return Math.max(statementTimeoutMs, defaults.idleInTransactionTimeoutMs) + marginMs;
}

/**
 * Gives a connection up when nothing has come or gone on it for `limitMs`. A connection can be dead on one side only (a router
 * restarted, a cable pulled): no driver here notices, and the call on it would wait for ever.
 */
export function giveUpWhenSilent(socket: Socket, limitMs: number): void {
  socket.on('timeout', () => giveUp(socket));
  socket.setTimeout(limitMs);
}

function giveUp(socket: Socket): void {
  socket.destroy(new Error('Connection terminated: the server has fallen silent'));
}

/** The same without a listener: postgres.js takes those off before it puts TLS around a socket, which keeps its time going. */
class ImpatientSocket extends Socket {
  override emit(event: string | symbol, ...given: unknown[]): boolean {
    if (event === 'timeout') giveUp(this);
    return super.emit(event, ...given);
  }
}

/** The socket under a client of `pg`, which does not tell; null where it is of another make. */
export function socketOf(client: object): Socket | null {
  const connection: unknown = Reflect.get(client, 'connection');
  const stream: unknown =
    typeof connection === 'object' && connection !== null ? Reflect.get(connection, 'stream') : null;
  return stream instanceof Socket ? stream : null;
}

type Address = { readonly path?: unknown; readonly host: readonly string[]; readonly port: readonly number[] };

/**
 * What postgres.js calls for each new socket, its hosts in turn. The socket is handed over while it is still connecting: one that
 * fails then is closed and tried again by the driver, which waits for ever for a socket that could not be had (3.4.9).
 */
export function openSockets(limitMs: number): (address: Address) => Promise<Socket> {
  let calls = 0;
  return ({ path, host, port }) => {
    const at = calls % Math.max(1, host.length);
    calls += 1;
    const place = { host: host[at] ?? 'localhost', port: port[at] ?? 5432 };
    const socket = new ImpatientSocket().connect(typeof path === 'string' && path !== '' ? { path } : place);
    socket.setTimeout(limitMs);
    return Promise.resolve(Object.assign(socket, place));
  };
}
