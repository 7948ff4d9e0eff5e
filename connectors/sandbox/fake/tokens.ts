import { Hono } from 'hono';
import { z } from 'zod';
import { json } from './present.ts';
import { readBody } from './requests.ts';
import { ShopRefusal, type Shop } from './shop.ts';
import type { ShopGrant } from './state.ts';

const accessLifeMs = 4 * 3_600_000;

/** The tokens that are good now; the first ones come with the shop. */
export function grantOf(shop: Shop): ShopGrant {
  return (shop.state.grant ??= newGrant(shop, null));
}

/** `POST /token { refresh_token }`: the pair before is dead from then on. */
export function tokenRoutes(shop: Shop): Hono {
  const routes = new Hono();
  routes.post('/token', async (c) => {
    const body = await readBody(c.req, z.looseObject({ refresh_token: z.string() }));
    const { accessToken, refreshToken, expiresAt } = refresh(shop, body.refresh_token);
    return json({ access_token: accessToken, refresh_token: refreshToken, expires_at: expiresAt });
  });
  return routes;
}

/**
 * A refresh token is good once. Who lost the answer may ask again with the same one and gets the same pair, until the new
 * access token has been used: from then on the old one is known to be in other hands.
 */
function refresh(shop: Shop, token: string): ShopGrant {
  const grant = grantOf(shop);
  if (token === grant.cameFrom && !grant.isUsed) return grant;
  if (token !== grant.refreshToken) throw new ShopRefusal(401, 'invalid_grant', 'the refresh token is spent');
  const made = newGrant(shop, token);
  shop.state.grant = made;
  shop.commit({ by: 'hub', kind: 'token_refreshed', subject: 'shop', detail: { expires: made.expiresAt } });
  return made;
}

function newGrant(shop: Shop, cameFrom: string | null): ShopGrant {
  const number = shop.nextId();
  return {
    accessToken: `access-${number}`,
    refreshToken: `refresh-${number}`,
    expiresAt: new Date(shop.clock.now().getTime() + accessLifeMs).toISOString(),
    cameFrom,
    isUsed: false,
  };
}
