import type { Dispatcher } from 'undici';
import { Fault } from '../../../kernel/index.ts';
import { limitBody } from './limit-body.ts';
import { networkFault, type Attempt } from './network-fault.ts';

export type FetchOptions = {
  /** All calls must go to this origin. */
  readonly origin?: string;
  /** For the whole call, body included. */
  readonly timeoutMs?: number;
  /** Of the answer, after decompression. */
  readonly bodyBytesMax?: number;
};

const timeoutMsDefault = 30_000;
const bodyBytesMaxDefault = 16 * 1024 * 1024;
const redirectsMax = 5;

type Fetch = typeof globalThis.fetch;
type FetchInput = Parameters<Fetch>[0];
type FetchInit = NonNullable<Parameters<Fetch>[1]>;

/** See `Outgoing.fetchFor`. Calls `globalThis.fetch` at the moment of the call, so that msw can stand in front. */
export function guardedFetch(dispatcher: Dispatcher, checkUrl: (url: URL) => void, options: FetchOptions): Fetch {
  const only = options.origin === undefined ? null : new URL(options.origin).origin;
  const check = (url: URL): void => {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw badUrl();
    if (url.username !== '' || url.password !== '') throw badUrl();
    if (only !== null && url.origin !== only) {
      throw new Fault('forbidden', 'outgoing.other_origin', { message: 'the URL leaves the origin of this shop' });
    }
    checkUrl(url);
  };
  return async (input, init = {}) => {
    const asked = input instanceof Request ? input : null;
    const first = readUrl(asked?.url ?? String(input));
    const method = (init.method ?? asked?.method ?? 'GET').toUpperCase();
    const timeout = AbortSignal.timeout(options.timeoutMs ?? timeoutMsDefault);
    const given = init.signal ?? asked?.signal ?? null;
    const signal = given === null ? timeout : AbortSignal.any([given, timeout]);
    const attempt: Attempt = { method, timeout, given };
    const follows =
      (init.redirect ?? asked?.redirect ?? 'follow') === 'follow' && (method === 'GET' || method === 'HEAD');
    check(first);
    let response = await send(dispatcher, input, { ...init, signal }, attempt);
    let url = first;
    for (let hops = 0; follows && hops < redirectsMax; hops += 1) {
      const next = sameOriginTarget(response, url);
      if (next === null) break;
      await response.body?.cancel();
      url = next;
      response = await send(
        dispatcher,
        url,
        { ...init, signal, headers: init.headers ?? asked?.headers ?? {} },
        attempt,
      );
    }
    return limitBody(response, options.bodyBytesMax ?? bodyBytesMaxDefault, (error) => networkFault(error, attempt));
  };
}

async function send(dispatcher: Dispatcher, input: FetchInput, init: FetchInit, attempt: Attempt): Promise<Response> {
  const guarded: FetchInit = { ...init, redirect: 'manual' };
  try {
    return await globalThis.fetch(input, Object.assign(guarded, { dispatcher }));
  } catch (error) {
    throw networkFault(error, attempt);
  }
}

/** The target of a redirect that stays on its origin; any other is the caller's to look at, as a 3xx answer. */
function sameOriginTarget(response: Response, from: URL): URL | null {
  const location = response.headers.get('location');
  if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) return null;
  const target = URL.parse(location, from.href);
  return target !== null && target.origin === from.origin ? target : null;
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw badUrl();
  return url;
}

function badUrl(): Fault {
  return new Fault('invalid', 'outgoing.bad_url', { message: 'not an absolute http or https URL without credentials' });
}
