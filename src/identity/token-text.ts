import { createHash, randomBytes } from 'node:crypto';

/** `wharf_<8 hex digits>_<43 characters>`: a fixed head that leak scanners find, a readable prefix, 256 random bits. */
const pattern = /^wharf_[0-9a-f]{8}_[A-Za-z0-9_-]{43}$/;

export function newTokenText(): { token: string; prefix: string } {
  const prefix = randomBytes(4).toString('hex');
  return { token: `wharf_${prefix}_${randomBytes(32).toString('base64url')}`, prefix };
}

export function looksLikeToken(text: string): boolean {
  return pattern.test(text);
}

/** What is stored. No salt and no slow hash: the secret is random and cannot be guessed. */
export function hashToken(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}
