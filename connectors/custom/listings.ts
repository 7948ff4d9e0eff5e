import {
  toldListing,
  type ChannelListing,
  type PushedListingsCapability,
  type RawDocument,
} from '../../src/connector-kit/index.ts';
import type { CustomSettings } from './settings.ts';

function toChannelListing(body: string): ChannelListing {
  return toldListing.parse(JSON.parse(body));
}

export function fromChannelListing(listing: ChannelListing): RawDocument {
  return { externalId: listing.externalId, body: JSON.stringify(listing), version: null };
}

export const listings: PushedListingsCapability<CustomSettings> = { toChannelListing, fromChannelListing };
