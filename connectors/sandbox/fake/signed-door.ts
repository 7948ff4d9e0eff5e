import { timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { signCall } from '../sign-call.ts';
import type { ShopKeys } from './characters/character.ts';
import type { Trouble } from './faults.ts';
import { refuse } from './gate.ts';
import type { Shop } from './shop.ts';
import { grantOf } from './tokens.ts';

const toleranceMs = 10 * 60_000;

/**
 * Every call names the app and the time on Beijing's clock and is signed with the app's secret; all but the refresh carry the
 * access token. The control API of tests takes the API key as everywhere.
 */
export function requireSignature(shop: Shop, keys: ShopKeys, trouble: Trouble): MiddlewareHandler {
  return async (c, next) => {
    const url = new URL(c.req.url);
    const params = [...url.searchParams];
    const expected = Buffer.from(signCall(keys.appSecret, params, await c.req.raw.clone().text()));
    const given = Buffer.from(url.searchParams.get('sign') ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      return refuse(401, 'bad_sign', 'the signature is not right');
    }
    if (url.searchParams.get('app_key') !== keys.appKey) return refuse(401, 'bad_app', 'no such app');
    const at = Date.parse(`${(url.searchParams.get('timestamp') ?? '').replace(' ', 'T')}+08:00`);
    if (!(Math.abs(shop.clock.now().getTime() - at) <= toleranceMs)) {
      return refuse(401, 'bad_timestamp', 'the time is too far off');
    }
    if (!url.pathname.endsWith('/oauth/token')) {
      const grant = grantOf(shop);
      if (url.searchParams.get('access_token') !== grant.accessToken) return refuse(401, 'bad_token', 'no such token');
      if (Date.parse(grant.expiresAt) <= shop.clock.now().getTime()) {
        trouble.happened('token_expired');
        return refuse(401, 'token_expired', 'the access token has expired');
      }
      grant.isUsed = true;
    }
    await next();
    return undefined;
  };
}
