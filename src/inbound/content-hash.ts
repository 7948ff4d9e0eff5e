import { createHash } from 'node:crypto';

/** What says whether two documents are the same: SHA-256 of their bytes. */
export function contentHash(body: string | Uint8Array): Buffer {
  return createHash('sha256').update(body).digest();
}
