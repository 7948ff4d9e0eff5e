import { createHmac } from 'node:crypto';

/**
 * As Chinese marketplaces sign: every parameter but `sign` and the raw body under the name `body`, empty ones left out, sorted
 * by name in byte order, names and values one after the other; HMAC SHA-256 with the app's secret, upper-case hex.
 */
export function signCall(secret: string, params: Iterable<readonly [string, string]>, body: string): string {
  const signed = [...params, ['body', body] as const].filter(([name, value]) => name !== 'sign' && value !== '');
  const text = signed
    .toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([name, value]) => name + value)
    .join('');
  return createHmac('sha256', secret).update(text, 'utf8').digest('hex').toUpperCase();
}

/** `yyyy-MM-dd HH:mm:ss` on the clock of Beijing, which knows no summer time. */
export function beijingText(instant: Date): string {
  return new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}
