import { z } from 'zod';
import { secret } from '../../src/connector-kit/index.ts';

export const medusaSettings = z.object({
  /** Where the server answers, without `/admin`: `https://shop.example.com:9000`. */
  baseUrl: z.url({ protocol: /^https?$/ }),
  /** A secret API key, `sk_…`, as shown once when it is made (Settings → Secret API keys). */
  apiKey: secret(z.string().min(1).max(300)),
  /** Takes the orders and stock locations of one sales channel alone; all of them without it. */
  salesChannelId: z.string().min(1).nullable().default(null),
});

export type MedusaSettings = z.infer<typeof medusaSettings>;
