import { randomBytes } from 'node:crypto';
import { Fault } from '../../kernel/index.ts';
import { openSealed, sealBytes } from './sealed.ts';

export const dataKeyBytes = 32;
const formatVersion = 1;

/** The key of one record. `aad` names the field it seals, so that a ciphertext cannot be moved to another column. */
export type DataKey = {
  seal(plain: Uint8Array, aad: string): Uint8Array;
  /** Throws Fault `crypto.wrong_key`. */
  open(sealed: Uint8Array, aad: string): Uint8Array;
};

export function newDataKeyBytes(): Uint8Array {
  return randomBytes(dataKeyBytes);
}

export function toDataKey(key: Uint8Array): DataKey {
  return {
    seal: (plain, aad) => sealBytes(formatVersion, key, plain, aad),
    open(sealed, aad) {
      if (sealed[0] !== formatVersion) throw new Fault('internal', 'crypto.unknown_format');
      return openSealed(key, sealed, aad);
    },
  };
}
