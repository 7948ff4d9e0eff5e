import { channelAddress, type ChannelAddress } from '../../connector-kit/index.ts';
import type { OrderId } from '../../kernel/index.ts';
import type { DataKey, Keyring } from '../../platform/crypto/index.ts';
import type { ReceiverRow } from '../rows.ts';

const field = 'order_receivers.ciphertext';

export function receiverKeyId(orderId: OrderId): string {
  return `order:${orderId}`;
}

export function sealAddress(key: DataKey, address: ChannelAddress): Uint8Array {
  return key.seal(new TextEncoder().encode(JSON.stringify(address)), field);
}

/** Null where nothing is sealed: erased, or the channel never told. */
export function openAddress(
  keyring: Pick<Keyring, 'openDataKey'>,
  receiver: Pick<ReceiverRow, 'orderId' | 'ciphertext' | 'dataKey'>,
): ChannelAddress | null {
  if (receiver.ciphertext === null || receiver.dataKey === null) return null;
  const key = keyring.openDataKey(receiver.dataKey, receiverKeyId(receiver.orderId));
  return channelAddress.parse(JSON.parse(new TextDecoder().decode(key.open(receiver.ciphertext, field))));
}
