import { z } from 'zod';
import { secret } from '../../src/connector-kit/index.ts';

/** Where the storefront answers, without a path: `http://127.0.0.1:4010`. */
const baseUrl = z.url({ protocol: /^https?$/ });
const apiKey = secret(z.string().min(1).max(200));
const webhookSecret = secret(z.string().min(8).max(200));

export const sandboxSettings = z.object({ baseUrl, apiKey, webhookSecret });

export const pollOnlySettings = z.object({ baseUrl, apiKey });

/** `timeZone` is the zone of the shop's wall clock, an IANA name. */
export const selfHostedSettings = z.object({ baseUrl, apiKey, webhookSecret, timeZone: z.string().refine(isZone) });

export const maskedSettings = z.object({
  baseUrl,
  appKey: z.string().min(1).max(100),
  appSecret: secret(z.string().min(8).max(200)),
  accessToken: secret(z.string().min(1).max(500)),
  refreshToken: secret(z.string().min(1).max(500)),
  tokenExpiresAt: z.iso.datetime({ offset: true }),
});

export type SandboxSettings = z.infer<typeof sandboxSettings>;
export type SelfHostedSettings = z.infer<typeof selfHostedSettings>;
export type MaskedSettings = z.infer<typeof maskedSettings>;

/** What the calls of every character need: where, and how to sign in. */
export type ShopSettings = z.infer<typeof pollOnlySettings> | MaskedSettings;

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}
