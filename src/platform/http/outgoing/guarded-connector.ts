import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { Fault } from '../../../kernel/index.ts';
import { judgeAddress } from './address.ts';
import { parseUrl } from './parse-url.ts';

/**
 * Connects like undici, but looks at the literal address, at every address that the name resolves to, and at the one the
 * socket is connected to. One look is not enough: `net.connect` does not resolve literals.
 */
export function guardedConnector(
  mayBePrivate: (origin: string) => boolean,
  timeoutMs: number,
): buildConnector.connector {
  const strict = buildConnector({ timeout: timeoutMs, lookup: guardedLookup(false) });
  const lenient = buildConnector({ timeout: timeoutMs, lookup: guardedLookup(true) });
  return (options, callback) => {
    const isLenient = mayBePrivate(originOf(options));
    if (judgeAddress(options.hostname, isLenient) === 'refused') return callback(refused(), null);
    (isLenient ? lenient : strict)(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      if (judgeAddress(socket.remoteAddress ?? '', isLenient) === 'allowed') return callback(null, socket);
      socket.destroy();
      callback(refused(), null);
    });
  };
}

function originOf(options: buildConnector.Options): string {
  return parseUrl(`${options.protocol}//${options.host ?? options.hostname}`)?.origin ?? '';
}

export function guardedLookup(isLenient: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) return callback(error, []);
      const [first] = addresses;
      const hasRefused = addresses.some(({ address }) => judgeAddress(address, isLenient) !== 'allowed');
      if (first === undefined || hasRefused) return callback(refused(), []);
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function refused(): Fault {
  return new Fault('forbidden', 'outgoing.address_refused', { message: 'the address is private or reserved' });
}
