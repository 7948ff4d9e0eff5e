import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { Fault } from '../../../kernel/index.ts';
import { judgeAddress } from './address.ts';
import { guardedConnector } from './guarded-connector.ts';
import { guardedFetch, type FetchOptions } from './guarded-fetch.ts';
import { parseUrl } from './parse-url.ts';
import './install-fetch.ts';

export type { FetchOptions };

export type OutgoingOptions = {
  /**
   * Origins (`http://127.0.0.1:3000`) that may stand at a private, loopback or link-local address: WHARF_PRIVATE_ORIGINS.
   * Cloud metadata addresses are refused even then.
   */
  readonly privateOrigins: readonly string[];
  readonly connectTimeoutMs?: number;
  /** Until the first byte of the answer, and between two chunks of it. */
  readonly idleTimeoutMs?: number;
};

export type Outgoing = {
  /**
   * A `fetch` for one shop. Refuses (Fault `forbidden`) what the guard does not allow; never follows a redirect to another
   * origin; network errors are Faults: `unavailable` when nothing was sent or the method is safe, else `outcome_unknown`.
   */
  fetchFor(options?: FetchOptions): typeof globalThis.fetch;
  /**
   * Makes the guard the process's dispatcher, so that a bare `fetch` is guarded too. For `main`, once; what it gives undoes
   * it, for tests.
   */
  guardProcess(): () => void;
  close(): Promise<void>;
};

const connectTimeoutMsDefault = 10_000;
const idleTimeoutMsDefault = 20_000;

export function createOutgoing(options: OutgoingOptions): Outgoing {
  const privateOrigins = new Set(options.privateOrigins.map(toOrigin));
  const idleTimeoutMs = options.idleTimeoutMs ?? idleTimeoutMsDefault;
  const agent = new Agent({
    connect: guardedConnector(
      (origin) => privateOrigins.has(origin),
      options.connectTimeoutMs ?? connectTimeoutMsDefault,
    ),
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
  });
  const checkUrl = (url: URL): void => {
    const verdict = judgeAddress(url.hostname, privateOrigins.has(url.origin));
    if (verdict === 'refused') {
      throw new Fault('forbidden', 'outgoing.address_refused', { message: 'the address is private or reserved' });
    }
  };
  return {
    fetchFor: (fetchOptions = {}) => guardedFetch(agent, checkUrl, fetchOptions),
    guardProcess() {
      const before = getGlobalDispatcher();
      setGlobalDispatcher(agent);
      return () => setGlobalDispatcher(before);
    },
    close: () => agent.close(),
  };
}

function toOrigin(text: string): string {
  const url = parseUrl(text);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url.origin;
  throw new Fault('invalid', 'outgoing.bad_origin', {
    message: `${text}: is not an origin such as http://127.0.0.1:3000`,
  });
}
