import { isDeepStrictEqual } from 'node:util';
import type { ChannelAddress, ChannelReceiver } from '../../connector-kit/index.ts';
import type { OrderId, ShopId } from '../../kernel/index.ts';
import type { Keyring } from '../../platform/crypto/index.ts';
import type { CurrentReceiver } from '../current-orders.ts';
import type { ReceiverRow } from '../rows.ts';
import { maskReceiver } from './mask-receiver.ts';
import { mergeReceiver, type KnownReceiver } from './merge-receiver.ts';
import { receiverKeys } from './receiver-keys.ts';
import { openAddress, receiverKeyId, sealAddress } from './seal-address.ts';

export type ReceiverPlan = {
  /** Null: nothing to write. */
  readonly row: ReceiverRow | null;
  /** False where a parcel could not be addressed. */
  readonly isComplete: boolean;
  /** The parcel would go to somebody else or somewhere else than before. */
  readonly hasMoved: boolean;
};

type Input = {
  readonly orderId: OrderId;
  readonly shopId: ShopId;
  readonly told: ChannelReceiver | null;
  readonly current: CurrentReceiver | null;
};

/** An erased receiver stays erased and does not stop its order. */
export function planReceiver(keyring: Keyring, input: Input): ReceiverPlan {
  const { orderId, shopId, told, current } = input;
  if (current !== null && current.erasedAt !== null) return { row: null, isComplete: true, hasMoved: false };
  const known: KnownReceiver | null =
    current === null
      ? null
      : {
          address: openAddress(keyring, current),
          sourcePolicy: current.sourcePolicy,
          token: current.token,
          expiresAt: current.expiresAt,
        };
  if (told === null) return { row: null, isComplete: known !== null && isComplete(known), hasMoved: false };
  const merged = mergeReceiver(known, told);
  if (isDeepStrictEqual(merged, known)) return { row: null, isComplete: isComplete(merged), hasMoved: false };
  const keys = receiverKeys(keyring, shopId, merged.address, merged.sourcePolicy);
  const { wrapped, key } = keyOf(keyring, orderId, current);
  const row: ReceiverRow = {
    orderId,
    masked: maskReceiver(merged.address),
    token: merged.token,
    ciphertext: sealAddress(key, merged.address),
    dataKey: wrapped,
    sourcePolicy: merged.sourcePolicy,
    expiresAt: merged.expiresAt,
    ...keys,
  };
  return {
    row,
    isComplete: isComplete(merged),
    hasMoved: known !== null && !sameKey(current?.mergeKey ?? null, keys.mergeKey),
  };
}

function keyOf(keyring: Keyring, orderId: OrderId, current: CurrentReceiver | null): ReturnType<Keyring['newDataKey']> {
  const recordId = receiverKeyId(orderId);
  if (current === null || current.dataKey === null) return keyring.newDataKey(recordId);
  return { wrapped: current.dataKey, key: keyring.openDataKey(current.dataKey, recordId) };
}

/** A masked or tokenised address is complete on the channel's word. */
function isComplete(receiver: KnownReceiver): boolean {
  if (receiver.sourcePolicy !== 'plain') return true;
  return receiver.address !== null && isDeliverable(receiver.address);
}

function isDeliverable(address: ChannelAddress): boolean {
  const has = (text: string): boolean => text.trim() !== '';
  return (
    (has(address.name) || has(address.company)) &&
    address.lines.some(has) &&
    (has(address.city) || has(address.postalCode)) &&
    has(address.countryCode)
  );
}

function sameKey(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0;
}
