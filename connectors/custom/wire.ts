import { z } from 'zod';
import { externalId, sourceTime } from '../../src/connector-kit/index.ts';

/** Before that no store of today has sold anything; and a year 0 is none for a database. */
const wireTime = sourceTime.refine((text) => new Date(text) >= new Date('2000-01-01T00:00:00Z'), 'is too long ago');

/** Every message of the store. `data` is what its type says: ToldOrder, ToldListing, or a cancel alone. */
export const wireMessage = z.object({ type: z.string().max(100), timestamp: wireTime, data: z.unknown() });

/** A cancel told alone, without the order. */
export const wireCancel = z.strictObject({
  externalId,
  cancelledAt: wireTime,
  reason: z.string().max(500).nullable().default(null),
});

/** Enough to know which order a document is about, though it be no order otherwise. */
export const wireOrderHead = z.looseObject({
  externalId,
  version: z
    .string()
    .regex(/^\d{1,30}$/)
    .nullable()
    .default(null),
});
