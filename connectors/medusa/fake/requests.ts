import { z } from 'zod';

/** Bodies as 2.21.2 validates them, for the routes that the connector calls. */

const units = z.array(z.object({ id: z.string(), quantity: z.number() }));
const level = z.object({
  inventory_item_id: z.string(),
  location_id: z.string(),
  stocked_quantity: z.number().min(0),
});

/** Empty, the placeholder "#", or a link of http or https. */
const safeHttpUrl = z
  .string()
  .refine((text) => text === '' || text === '#' || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)), {
    message: 'URL must use http: or https: scheme',
  });

export const levelsBody = z.object({
  create: z.array(level),
  update: z.array(level),
  delete: z.array(z.string()),
});

export const fulfilBody = z.object({
  items: units.min(1),
  location_id: z.string().nullish(),
  no_notification: z.boolean().optional(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

export const shipBody = z.object({
  items: units,
  labels: z
    .array(z.object({ tracking_number: z.string(), tracking_url: safeHttpUrl, label_url: safeHttpUrl }))
    .optional(),
});

export const refundBody = z.strictObject({
  amount: z.number().positive().optional(),
  refund_reason_id: z.string().optional(),
  note: z.string().optional(),
});

export const beginEditBody = z.object({
  order_id: z.string(),
  description: z.string().optional(),
  internal_note: z.string().optional(),
});

export const editItemBody = z.object({ quantity: z.number() });
