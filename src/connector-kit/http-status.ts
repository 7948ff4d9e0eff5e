import { ChannelFault } from './channel-fault.ts';

/** A vendor's own reason, in its own words: a code, and a detail without personal data. */
export type Rejection = { readonly code: string; readonly detail: string };

export function isFaultStatus(status: number): boolean {
  return status < 200 || status >= 300;
}

/**
 * Which fault an HTTP status is. 503 says the request was not worked on, so it is `unavailable` for a write too; any other
 * 5xx of a write may have come after the commit and is `outcome_unknown`, as is 408. A redirect is `rejected`.
 */
export function statusFault(
  status: number,
  headers: Headers,
  intent: 'read' | 'write',
  now: Date,
  rejection: Rejection | null,
): ChannelFault {
  const message = `HTTP ${status}`;
  switch (status) {
    case 401:
    case 403:
      return new ChannelFault({ kind: 'unauthorised' }, `unauthorised: ${message}`);
    case 404:
    case 410:
      return new ChannelFault({ kind: 'not_found' }, `not found: ${message}`);
    case 409:
    case 412:
      return new ChannelFault({ kind: 'conflict', detail: rejection === null ? message : rejection.detail });
    case 429:
      return new ChannelFault({ kind: 'rate_limited', retryAfterMs: retryAfterMs(headers.get('retry-after'), now) });
    case 503:
      return new ChannelFault({ kind: 'unavailable' }, `unavailable: ${message}`);
    default:
      return otherFault(status, intent, rejection);
  }
}

function otherFault(status: number, intent: 'read' | 'write', rejection: Rejection | null): ChannelFault {
  if (status >= 500 || status === 408) {
    const kind = intent === 'write' ? 'outcome_unknown' : 'unavailable';
    return new ChannelFault({ kind }, `${kind.replace('_', ' ')}: HTTP ${status}`);
  }
  return new ChannelFault({ kind: 'rejected', ...(rejection ?? { code: `http_${status}`, detail: `HTTP ${status}` }) });
}

/** Retry-After as milliseconds: seconds (fractions too) or an HTTP date (RFC 9110 §10.2.3); null when absent or unreadable. */
export function retryAfterMs(header: string | null, now: Date): number | null {
  if (header === null) return null;
  if (/^\d{1,9}(\.\d+)?$/.test(header.trim())) return Math.ceil(Number(header) * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
