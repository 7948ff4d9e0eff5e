import type { ChannelAddress } from '../../connector-kit/index.ts';
import type { ShopId } from '../../kernel/index.ts';
import type { Keyring } from '../../platform/crypto/index.ts';

export type ReceiverKeys = {
  readonly mergeKey: Uint8Array | null;
  readonly phoneTailKey: Uint8Array | null;
  readonly nameKey: Uint8Array | null;
};

/**
 * Keyed hashes for merging and searching. Equal merge keys may share a parcel: same shop (the policy for now), same person
 * at the same address, spelling aside. Only a plain address has one: two masked ones that look alike may be two people.
 */
export function receiverKeys(
  keyring: Pick<Keyring, 'mac'>,
  shopId: ShopId,
  address: ChannelAddress,
  sourcePolicy: 'plain' | 'masked' | 'token',
): ReceiverKeys {
  if (sourcePolicy !== 'plain') return { mergeKey: null, phoneTailKey: null, nameKey: null };
  const name = normalise(address.name);
  const phone = address.phone.replaceAll(/\D/g, '');
  const place = [
    ...address.lines,
    address.district,
    address.city,
    address.region,
    address.postalCode,
    address.countryCode,
  ];
  const whole = JSON.stringify([shopId, name, normalise(address.company), phone, normalise(place.join(' '))]);
  const hasAddress = address.lines.some((line) => line.trim() !== '');
  return {
    mergeKey: hasAddress && name !== '' ? keyring.mac('receiver.merge', whole) : null,
    phoneTailKey: phone.length < 4 ? null : keyring.mac('receiver.phone_tail', phone.slice(-4)),
    nameKey: name === '' ? null : keyring.mac('receiver.name', name),
  };
}

/** Letters and digits only, in one width and case. */
function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}
