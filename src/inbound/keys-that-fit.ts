import { createHash } from 'node:crypto';
import type { VerifiedWebhook } from '../connector-kit/index.ts';

/** As `externalId` of the canonical models. No channel's ids come near it, and a row of an index holds 2,704 bytes. */
const keyLengthMax = 200;

/** A channel's id as it can be a key: one that is too long keeps its beginning and is told apart by its hash. */
export function keyThatFits(key: string): string {
  if (key.length <= keyLengthMax) return key;
  return `${key.slice(0, keyLengthMax / 2)}… sha256:${createHash('sha256').update(key).digest('hex')}`;
}

/** A message about an order whose id is too long to be one cannot be read; its own id only has to be the same again. */
export function withKeysThatFit(verified: VerifiedWebhook): VerifiedWebhook {
  const dedupeKey = keyThatFits(verified.dedupeKey);
  const ids = [verified.externalId, verified.document?.externalId];
  if (ids.every((id) => (id ?? '').length <= keyLengthMax)) return { ...verified, dedupeKey };
  return { dedupeKey, topic: 'order', externalId: null, document: null };
}
