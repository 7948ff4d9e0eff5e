import { z } from 'zod';
import { externalId } from './order.ts';

/** One sellable item on one shop (a variant, where the channel has variants). */
export const channelListing = z.object({
  externalId,
  parentExternalId: externalId.nullable(),
  sku: z.string().nullable(),
  barcode: z.string().nullable(),
  title: z.string(),
  /** Decimal text in major units, informational. */
  price: z.string().nullable(),
  isActive: z.boolean(),
  /** False where the channel sells it without counting (gift cards); such a listing is never pushed. */
  tracksStock: z.boolean(),
});

/** A place where the channel counts stock. */
export const channelLocation = z.object({ externalId, name: z.string() });

/** What the channel shows for one listing, read back. `saleable` is what a buyer can still buy, over all locations. */
export const channelStock = z.object({
  listingExternalId: externalId,
  saleable: z.number().int(),
  locations: z.array(z.object({ locationExternalId: externalId, quantity: z.number().int() })),
});

export type ChannelListing = z.infer<typeof channelListing>;
export type ChannelLocation = z.infer<typeof channelLocation>;
export type ChannelStock = z.infer<typeof channelStock>;
