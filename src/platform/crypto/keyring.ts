import { createHmac, hkdfSync } from 'node:crypto';
import { Fault } from '../../kernel/index.ts';
import { dataKeyBytes, newDataKeyBytes, toDataKey, type DataKey } from './data-key.ts';
import { openSealed, sealBytes } from './sealed.ts';

export const masterKeyBytes = 32;

/** Keys that wrap keys. A data key never leaves it in the clear; what is stored is its wrapped form. */
export type Keyring = {
  /** A fresh key for one record (a shop, an order). `wrapped` is stored beside it; forgetting it shreds what it sealed. */
  newDataKey(recordId: string): { readonly wrapped: Uint8Array; readonly key: DataKey };
  /** Throws Fault `crypto.unknown_key_version`, or `crypto.wrong_key` for another record, another master key or a changed byte. */
  openDataKey(wrapped: Uint8Array, recordId: string): DataKey;
  /** Wraps under the newest master key; the data key and all that it sealed stay as they are. */
  rewrap(wrapped: Uint8Array, recordId: string): Uint8Array;
  /** A keyed hash for searching (HMAC-SHA-256, 32 bytes). `purpose` keeps the hashes of different fields apart. */
  mac(purpose: string, text: string): Uint8Array;
};

/**
 * `masterKey` has 32 bytes. To rotate, pass the new key with the next version and the old ones as `retired`: they only open.
 * `mac` always uses the oldest key, so that stored hashes stay findable.
 */
export type KeyringOptions = {
  readonly masterKey: Uint8Array;
  /** 1 to 255; 1 when absent. Stands as the first byte of everything wrapped. */
  readonly version?: number;
  readonly retired?: ReadonlyMap<number, Uint8Array>;
};

export function openKeyring(options: KeyringOptions): Keyring {
  const version = options.version ?? 1;
  const masters = new Map([...(options.retired ?? []), [version, options.masterKey] as const]);
  const wrappingKeys = new Map([...masters].map(([number, key]) => [checkedVersion(number), derive(key, 'wrap')]));
  const oldest = masters.get(Math.min(...masters.keys())) ?? options.masterKey;
  const macKey = derive(oldest, 'mac');
  const current = derive(options.masterKey, 'wrap');

  const wrap = (key: Uint8Array, recordId: string): Uint8Array => sealBytes(version, current, key, aad(recordId));
  const unwrap = (wrapped: Uint8Array, recordId: string): Uint8Array => {
    const wrappingKey = wrappingKeys.get(wrapped[0] ?? 0);
    if (wrappingKey === undefined) {
      throw new Fault('internal', 'crypto.unknown_key_version', { data: { version: wrapped[0] ?? null } });
    }
    return openSealed(wrappingKey, wrapped, aad(recordId));
  };
  return {
    newDataKey(recordId) {
      const key = newDataKeyBytes();
      return { wrapped: wrap(key, recordId), key: toDataKey(key) };
    },
    openDataKey(wrapped, recordId) {
      const key = unwrap(wrapped, recordId);
      if (key.byteLength !== dataKeyBytes) throw new Fault('internal', 'crypto.wrong_key');
      return toDataKey(key);
    },
    rewrap: (wrapped, recordId) => wrap(unwrap(wrapped, recordId), recordId),
    mac: (purpose, text) =>
      createHmac('sha256', macKey)
        .update(`${Buffer.byteLength(purpose)}:${purpose}:`)
        .update(text, 'utf8')
        .digest(),
  };
}

function aad(recordId: string): string {
  return `wharf data key ${recordId}`;
}

function derive(masterKey: Uint8Array, use: 'wrap' | 'mac'): Uint8Array {
  if (masterKey.byteLength !== masterKeyBytes) {
    throw new Fault('invalid', 'crypto.bad_master_key', { message: `a master key has ${masterKeyBytes} bytes` });
  }
  return new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(0), `wharf ${use}`, 32));
}

function checkedVersion(version: number): number {
  if (Number.isInteger(version) && version >= 1 && version <= 255) return version;
  throw new Fault('invalid', 'crypto.bad_key_version', { message: 'a key version is a number from 1 to 255' });
}
