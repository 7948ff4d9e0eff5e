import { retrying } from './retrying.ts';

/** A blip is bridged here; anything longer is the row's business, which the lane tries again. */
const bridging = { retriesMax: 2, delayMsMin: 100, delayMsMax: 1_000 };

/**
 * A guarded `fetch` that tries GET and HEAD again while they fail with a transient Fault (the connection, not the status:
 * answers are the caller's to judge). Calls that may change something are made once.
 */
export function patientFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return (input, init = {}) => {
    const method = (init.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase();
    if (method !== 'GET' && method !== 'HEAD') return fetch(input, init);
    const given = init.signal ?? (input instanceof Request ? input.signal : new AbortController().signal);
    return retrying((signal) => fetch(input, { ...init, signal }), { ...bridging, signal: given });
  };
}
