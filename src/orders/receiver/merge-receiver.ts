import type { ChannelAddress, ChannelReceiver } from '../../connector-kit/index.ts';

export type KnownReceiver = {
  readonly address: ChannelAddress | null;
  readonly sourcePolicy: 'plain' | 'masked' | 'token';
  readonly token: string | null;
  readonly expiresAt: Date | null;
};

const openness = { plain: 2, masked: 1, token: 0 } as const;

/**
 * What is known once a document has spoken. An empty value never overwrites a stored one, and a channel that masks later
 * what it showed before does not take the readable address away.
 */
export function mergeReceiver(
  known: KnownReceiver | null,
  told: ChannelReceiver,
): KnownReceiver & { address: ChannelAddress } {
  const rest = {
    token: told.token ?? known?.token ?? null,
    expiresAt: told.expiresAt === null ? (known?.expiresAt ?? null) : new Date(told.expiresAt),
  };
  if (known === null || known.address === null) {
    return { ...rest, address: told.address, sourcePolicy: told.sourcePolicy };
  }
  if (openness[told.sourcePolicy] < openness[known.sourcePolicy]) {
    return { ...rest, address: known.address, sourcePolicy: known.sourcePolicy };
  }
  return { ...rest, address: mergeAddress(known.address, told.address), sourcePolicy: told.sourcePolicy };
}

function mergeAddress(known: ChannelAddress, told: ChannelAddress): ChannelAddress {
  const keep = (field: Exclude<keyof ChannelAddress, 'lines'>): string =>
    told[field].trim() === '' ? known[field] : told[field];
  return {
    name: keep('name'),
    company: keep('company'),
    phone: keep('phone'),
    email: keep('email'),
    lines: told.lines.some((line) => line.trim() !== '') ? told.lines : known.lines,
    district: keep('district'),
    city: keep('city'),
    region: keep('region'),
    postalCode: keep('postalCode'),
    countryCode: keep('countryCode'),
  };
}
