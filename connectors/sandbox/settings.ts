import { z } from 'zod';
import { secret } from '../../src/connector-kit/index.ts';

export const sandboxSettings = z.object({
  /** Where the storefront answers, without a path: `http://127.0.0.1:4010`. */
  baseUrl: z.url({ protocol: /^https?$/ }),
  apiKey: secret(z.string().min(1).max(200)),
  webhookSecret: secret(z.string().min(8).max(200)),
});

export type SandboxSettings = z.infer<typeof sandboxSettings>;
