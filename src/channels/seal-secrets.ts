import type { ShopId } from '../kernel/index.ts';
import type { DataKey } from '../platform/crypto/index.ts';
import { asRecord } from './shop-settings.ts';

/** The shop's id as associated data: credentials copied to another shop's row do not open. */
export function sealSecrets(key: DataKey, shopId: ShopId, secrets: Readonly<Record<string, unknown>>): Uint8Array {
  return key.seal(Buffer.from(JSON.stringify(secrets)), shopId);
}

export function openSecrets(key: DataKey, shopId: ShopId, sealed: Uint8Array): Readonly<Record<string, unknown>> {
  return asRecord(JSON.parse(Buffer.from(key.open(sealed, shopId)).toString('utf8')));
}
