import { createCipheriv, createDecipheriv } from 'node:crypto';
import { Fault } from '../../kernel/index.ts';
import { byteReader, CutOff } from './byte-reader.ts';

/** Plain bytes in a chunk; the last one holds what is left, which may be nothing. */
export const chunkBytes = 1_048_576;
const tagBytes = 16;
const algorithm = 'aes-256-gcm';

/**
 * Seals a stream in chunks: length (4 bytes) · ciphertext · tag (16). The nonce of a chunk is its number and whether it is
 * the last, so that a chunk that is missing, moved, repeated or added is found; `head` is authenticated with each. The
 * key must be of this stream alone: nonces count from zero.
 */
export async function* sealChunks(
  source: AsyncIterable<Uint8Array>,
  key: Uint8Array,
  head: Uint8Array,
): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let number = 0;
  for await (const piece of source) {
    held.push(piece);
    heldBytes += piece.byteLength;
    // One that is full is the last one unless more comes: it is held until then.
    while (heldBytes > chunkBytes) {
      const joined = Buffer.concat(held);
      yield seal(joined.subarray(0, chunkBytes), key, head, { number, isLast: false });
      number += 1;
      held = [joined.subarray(chunkBytes)];
      heldBytes -= chunkBytes;
    }
  }
  yield seal(Buffer.concat(held), key, head, { number, isLast: true });
}

/** Throws Fault `backup.cut_off` where the end is missing and `backup.damaged` for any other change. */
export async function* openChunks(
  source: AsyncIterable<Uint8Array>,
  key: Uint8Array,
  head: Uint8Array,
): AsyncGenerator<Buffer> {
  const reader = byteReader(source);
  try {
    for (let number = 0; ; number += 1) {
      const length = (await reader.read(4))?.readUInt32BE(0);
      if (length === undefined) throw cutOff(number);
      if (length > chunkBytes) throw damaged(number);
      const sealed = await reader.read(length + tagBytes);
      if (sealed === null) throw cutOff(number);
      const isLast = await reader.isAtEnd();
      const plain = open(sealed, key, head, { number, isLast });
      if (plain === null) {
        throw isLast && open(sealed, key, head, { number, isLast: false }) !== null
          ? cutOff(number + 1)
          : damaged(number);
      }
      yield plain;
      if (isLast) return;
    }
  } catch (error) {
    throw error instanceof CutOff ? cutOff(null) : error;
  }
}

type Place = { readonly number: number; readonly isLast: boolean };

function nonce({ number, isLast }: Place): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt8(isLast ? 1 : 0, 0);
  bytes.writeUIntBE(number, 6, 6);
  return bytes;
}

function seal(plain: Uint8Array, key: Uint8Array, head: Uint8Array, place: Place): Buffer {
  const cipher = createCipheriv(algorithm, key, nonce(place), { authTagLength: tagBytes });
  cipher.setAAD(head);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(plain.byteLength);
  return Buffer.concat([length, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(sealed: Buffer, key: Uint8Array, head: Uint8Array, place: Place): Buffer | null {
  const end = sealed.byteLength - tagBytes;
  const decipher = createDecipheriv(algorithm, key, nonce(place), { authTagLength: tagBytes });
  decipher.setAAD(head);
  decipher.setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
  } catch {
    return null;
  }
}

function cutOff(chunk: number | null): Fault {
  return new Fault('conflict', 'backup.cut_off', {
    message: 'the end of this backup is missing: it was cut off while it was written or copied. Take another one',
    data: { chunk },
  });
}

function damaged(chunk: number): Fault {
  return new Fault('conflict', 'backup.damaged', {
    message: `this backup was changed after it was written (chunk ${chunk}): bytes are altered, missing or moved. Take another one`,
    data: { chunk },
  });
}
