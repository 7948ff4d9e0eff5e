import { randomUUID } from 'node:crypto';

/** Takes the caller's request id where it is harmless in a log line and a header; otherwise makes one. */
export function acceptRequestId(header: string | undefined): string {
  return header !== undefined && /^[A-Za-z0-9._-]{8,128}$/.test(header) ? header : randomUUID();
}
