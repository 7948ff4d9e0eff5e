import type { Dispatcher } from 'undici';
import { Fault } from '../../../kernel/index.ts';
import { limitBody } from './limit-body.ts';
import { networkFault, type Attempt } from './network-fault.ts';
import { parseUrl } from './parse-url.ts';

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
  return async (input, init = {}) => {
    const call = readCall(input, init);
    const url = readUrl(call.url, only);
    checkUrl(url);
    const timeout = AbortSignal.timeout(options.timeoutMs ?? timeoutMsDefault);
    const signal = call.signal === null ? timeout : AbortSignal.any([call.signal, timeout]);
    const attempt: Attempt = { method: call.method, timeout, given: call.signal };
    let response = await send(dispatcher, input, { ...init, signal }, attempt);
    if (call.redirect === 'follow' && (call.method === 'GET' || call.method === 'HEAD')) {
      const again: FetchInit = { ...init, signal, headers: call.headers };
      response = await followWithin(url, response, (next) => send(dispatcher, next, again, attempt));
    }
    return limitBody(response, options.bodyBytesMax ?? bodyBytesMaxDefault, (error) => networkFault(error, attempt));
  };
}

type Call = {
  readonly url: string;
  readonly method: string;
  readonly redirect: string;
  readonly signal: AbortSignal | null;
  readonly headers: NonNullable<FetchInit['headers']>;
};

/** What `fetch` makes of its two arguments: `init` wins over a Request. */
function readCall(input: FetchInput, init: FetchInit): Call {
  if (!(input instanceof Request)) {
    const { method = 'GET', redirect = 'follow', signal = null, headers = {} } = init;
    return { url: String(input), method: method.toUpperCase(), redirect, signal, headers };
  }
  const { method = input.method, redirect = input.redirect, signal = input.signal, headers = input.headers } = init;
  return { url: input.url, method: method.toUpperCase(), redirect, signal, headers };
}

async function followWithin(from: URL, first: Response, get: (url: URL) => Promise<Response>): Promise<Response> {
  let response = first;
  let url = from;
  for (let hops = 0; hops < redirectsMax; hops += 1) {
    const next = sameOriginTarget(response, url);
    if (next === null) break;
    await response.body?.cancel();
    url = next;
    response = await get(url);
  }
  return response;
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
  const target = parseUrl(location, from.href);
  return target !== null && target.origin === from.origin ? target : null;
}

function readUrl(text: string, only: string | null): URL {
  const url = parseUrl(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') throw badUrl();
  if (only === null || url.origin === only) return url;
  throw new Fault('forbidden', 'outgoing.other_origin', { message: 'the URL leaves the origin of this shop' });
}

function badUrl(): Fault {
  return new Fault('invalid', 'outgoing.bad_url', { message: 'not an absolute http or https URL without credentials' });
}
