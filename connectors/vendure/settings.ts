import { z } from 'zod';
import { secret } from '../../src/connector-kit/index.ts';

/**
 * How to reach one Vendure channel. Signing in with name and password is preferred: Vendure checks an API key by bcrypt on
 * every request (220–650 ms measured on 3.7.3, against 12–24 ms for a session).
 */
export const vendureSettings = z
  .object({
    /** The whole address, `https://shop.example.com/admin-api`. */
    adminApiUrl: z.url({ protocol: /^https?$/ }),
    username: z.string().min(1).nullable().default(null),
    password: secret(z.string().min(1).nullable().default(null)),
    /** Used only where no name and password are given. */
    apiKey: secret(z.string().min(1).nullable().default(null)),
    /** Names the channel (`vendure-token`); the default channel without it. */
    channelToken: z.string().min(1).nullable().default(null),
    /** The channel is one seller's part of a marketplace: its orders are of type Seller. */
    isSellerChannel: z.boolean().default(false),
  })
  .refine((settings) => settings.apiKey !== null || (settings.username !== null && settings.password !== null), {
    path: ['password'],
    message: 'a name and a password, or an API key, must be given',
  });

export type VendureSettings = z.infer<typeof vendureSettings>;
