import { ServerResponse } from 'node:http';
import type { Context } from 'hono';

/** The strictest answer; a page that needs more sets its own header, which stands. */
const strictest: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/**
 * Gives the answer, whatever it will be, the headers that it does not set itself. What it returns is called once there is an
 * answer. On Node they are laid on the response beforehand: a header set on a finished answer makes Hono build it anew.
 */
export function giveHeaders(c: Context, requestId: string): () => void {
  const outgoing: unknown = Reflect.get(c.env ?? {}, 'outgoing');
  const headers = { ...strictest, 'X-Request-Id': requestId };
  if (outgoing instanceof ServerResponse) {
    for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
    return () => undefined;
  }
  return () => {
    for (const [name, value] of Object.entries(headers)) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  };
}
