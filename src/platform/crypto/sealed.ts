import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Fault } from '../../kernel/index.ts';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;
const headerBytes = 1 + ivBytes;

/**
 * AES-256-GCM. Layout: version (1 byte) · nonce (12, random) · ciphertext · tag (16). The version byte is authenticated
 * with `aad`. One key seals at most 2^32 times with random nonces (NIST SP 800-38D §8.3): keys are per record.
 */
export function sealBytes(version: number, key: Uint8Array, plain: Uint8Array, aad: string): Uint8Array {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagBytes });
  cipher.setAAD(associated(version, aad));
  return Buffer.concat([Buffer.of(version), iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Throws Fault `crypto.wrong_key` when the key, the associated data or any byte is not the one it was sealed with. */
export function openSealed(key: Uint8Array, sealed: Uint8Array, aad: string): Uint8Array {
  const [version] = sealed;
  if (version === undefined || sealed.byteLength < headerBytes + tagBytes) throw wrongKey();
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(1, headerBytes), { authTagLength: tagBytes });
  decipher.setAAD(associated(version, aad));
  decipher.setAuthTag(sealed.subarray(sealed.byteLength - tagBytes));
  try {
    const body = sealed.subarray(headerBytes, sealed.byteLength - tagBytes);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    throw wrongKey();
  }
}

function associated(version: number, aad: string): Uint8Array {
  return Buffer.concat([Buffer.of(version), Buffer.from(aad, 'utf8')]);
}

function wrongKey(): Fault {
  return new Fault('internal', 'crypto.wrong_key', {
    message: 'cannot be decrypted: another master key, another record, or changed data',
  });
}
