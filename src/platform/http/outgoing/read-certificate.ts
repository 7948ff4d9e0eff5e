import { connect } from 'node:tls';
import { Fault } from '../../../kernel/index.ts';
import { judgeAddress } from './address.ts';
import { guardedLookup } from './guarded-connector.ts';

export type Certificate = {
  readonly validTo: Date;
  /** Why this machine does not trust it; null where it does. */
  readonly trustError: string | null;
};

const timeoutMs = 5_000;

/**
 * Shakes hands with an https origin and hangs up. Guarded like every outgoing call: a private address is refused unless
 * `mayBePrivate`. Throws Fault `outgoing.address_refused`, or what the connection failed with.
 */
export function readCertificate(origin: string, mayBePrivate: boolean, signal: AbortSignal): Promise<Certificate> {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (judgeAddress(hostname, mayBePrivate) === 'refused') {
    return Promise.reject(new Fault('forbidden', 'outgoing.address_refused', { message: 'the address is private' }));
  }
  return new Promise((resolve, reject) => {
    const isName = !/^[\d.]+$|:/.test(host);
    const socket = connect({
      host,
      port: port === '' ? 443 : Number(port),
      ...(isName ? { servername: host } : {}),
      lookup: guardedLookup(mayBePrivate),
      // Looked at, not relied on: an expired certificate must be read, too. Nothing is sent.
      rejectUnauthorized: false,
      timeout: timeoutMs,
    });
    const end = (act: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      act();
    };
    const onAbort = (): void => end(() => reject(new Error('aborted')));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('timeout', () => end(() => reject(new Fault('unavailable', 'outgoing.timed_out'))));
    socket.on('error', (error) => end(() => reject(error)));
    socket.on('secureConnect', () => {
      const { valid_to: validTo } = socket.getPeerCertificate();
      const trustError = socket.authorized ? null : String(socket.authorizationError);
      end(() => resolve({ validTo: new Date(validTo), trustError }));
    });
  });
}
