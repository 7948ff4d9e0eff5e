import { formatArray } from './array-text.ts';

/** A `bytea[]` parameter as each driver asks for it: `pg` for bytes, postgres.js for text. */
export type BytesArray = { toPostgres(): Buffer; toString(): string };

const byteaOid = 17;
const headBytes = 20;

export function bytesArray(elements: readonly (Uint8Array | null)[]): BytesArray {
  return {
    toPostgres: () => receivedArray(elements),
    toString: () => formatArray(elements.map((bytes) => (bytes === null ? null : `\\x${hex(bytes)}`))),
  };
}

/**
 * The binary form of a one-dimensional array (PostgreSQL, `array_recv`): dimensions, whether there are nulls, the elements'
 * type, then length and lower bound, then each element behind its length (-1: NULL). Half the bytes of the hex, and nobody
 * has to write or read digits.
 */
function receivedArray(elements: readonly (Uint8Array | null)[]): Buffer {
  const size = elements.reduce((sum, bytes) => sum + 4 + (bytes?.byteLength ?? 0), headBytes);
  const buffer = Buffer.allocUnsafe(size);
  const hasNulls = elements.includes(null) ? 1 : 0;
  let at = 0;
  const write = (word: number): void => void (at = buffer.writeInt32BE(word, at));
  if (elements.length === 0) {
    for (const word of [0, 0, byteaOid]) write(word);
    return buffer.subarray(0, at);
  }
  for (const word of [1, hasNulls, byteaOid, elements.length, 1]) write(word);
  for (const bytes of elements) {
    write(bytes?.byteLength ?? -1);
    if (bytes === null) continue;
    buffer.set(bytes, at);
    at += bytes.byteLength;
  }
  return buffer;
}

function hex({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
}
