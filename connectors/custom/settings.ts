import { z } from 'zod';
import { isWebhookSecret, secret } from '../../src/connector-kit/index.ts';

const signingSecret = z.string().refine(isWebhookSecret, 'must be whsec_ and 24 to 64 bytes in base64');

export const customSettings = z.object({
  /** Where the store takes our messages: `https://shop.example/wharf`. */
  endpointUrl: z.url({ protocol: /^https?$/ }),
  /** What it is called; the store is not asked. */
  shopName: z.string().trim().min(1).max(100),
  /** ISO 4217. */
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters'),
  /** IANA, such as Europe/Berlin. */
  timeZone: z.string().min(1).max(60).default('UTC'),
  /** Signs both directions: what the store sends and what it is sent. */
  signingSecret: secret(signingSecret),
  /** The one before it, while a rotation overlaps. */
  previousSecret: secret(signingSecret.nullable().default(null)),
  previousUntil: z.iso.datetime({ offset: true }).nullable().default(null),
});

export type CustomSettings = z.infer<typeof customSettings>;

/** The secrets that are good now, the current one first. */
export function secretsAt(
  { signingSecret: current, previousSecret, previousUntil }: CustomSettings,
  now: Date,
): string[] {
  const overlaps = previousSecret !== null && previousUntil !== null && now < new Date(previousUntil);
  return overlaps ? [current, previousSecret] : [current];
}
