export type { DataKey } from './data-key.ts';
export { openKeyring, type Keyring, type KeyringOptions } from './keyring.ts';
export { loadOrCreateMasterKey, type MasterKeySource } from './load-master-key.ts';
