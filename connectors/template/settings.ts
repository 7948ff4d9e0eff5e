import { z } from 'zod';
import { secret } from '../../src/connector-kit/index.ts';

/** What a seller types when connecting a shop. `secret()` fields are stored encrypted and never shown again. */
export const acmeShopSettings = z.object({
  /** Where the vendor's API answers, without a path: `https://api.example.com`. */
  baseUrl: z.url({ protocol: /^https?$/ }),
  apiToken: secret(z.string().min(1).max(200)),
  webhookSecret: secret(z.string().min(8).max(200)),
});

export type AcmeShopSettings = z.infer<typeof acmeShopSettings>;
