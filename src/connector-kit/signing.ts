import { createHmac, timingSafeEqual } from 'node:crypto';

export type SignatureEncoding = 'hex' | 'base64';

/** HMAC SHA-256 over the parts one after the other, as lower-case hex or padded base64. Give raw bytes, never parsed text. */
export function signHmac(
  secret: string | Uint8Array,
  parts: readonly (string | Uint8Array)[],
  encoding: SignatureEncoding,
): string {
  const hmac = createHmac('sha256', secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest(encoding);
}

/**
 * Whether `signature`, the header's exact text or null where it is missing, is the one `signHmac` makes. Compares in
 * constant time after a length check; an empty secret never verifies.
 */
export function verifyHmac(
  secret: string | Uint8Array,
  parts: readonly (string | Uint8Array)[],
  encoding: SignatureEncoding,
  signature: string | null,
): boolean {
  if (signature === null || secret.length === 0) return false;
  const expected = Buffer.from(signHmac(secret, parts, encoding));
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** Whether a signed time, in whole seconds since 1970 as decimal text, is within the tolerance before or after `now`. */
export function isWithinTolerance(timestampSeconds: string | null, now: Date, toleranceMs: number): boolean {
  if (timestampSeconds === null || !/^\d{1,12}$/.test(timestampSeconds)) return false;
  return Math.abs(now.getTime() - Number(timestampSeconds) * 1000) <= toleranceMs;
}
