import { Hono } from 'hono';
import { mapTimesOfRow } from '../../map-times.ts';
import { beijingText } from '../../sign-call.ts';
import { presentOrder } from '../present.ts';
import { idLetter } from '../id-letter.ts';
import { maskedReceiver } from '../mask-receiver.ts';
import { grantOf, tokenRoutes } from '../tokens.ts';
import { requireSignature } from '../signed-door.ts';
import type { ShopOrder } from '../state.ts';
import { tradeStatus } from '../trade-status.ts';
import type { Character } from './character.ts';
import { plain } from './plain.ts';

/**
 * A Chinese marketplace: every call is signed, the access token expires and its refresh token is good once, receivers are
 * masked and only a token stands for them, times are Beijing's without a zone, one status word says where an order stands, and
 * there are more of them than the documents know. Its messages say only which order changed.
 */
export const masked: Character = {
  ...plain,
  timeZone: 'Asia/Shanghai',
  letter: (_, { appKey }) => idLetter(appKey),
  door: (shop, keys, trouble) => ({
    guard: requireSignature(shop, keys, trouble),
    routes: new Hono().route('/oauth', tokenRoutes(shop)),
  }),
  present,
  settings(shop, { appKey, appSecret }, origin) {
    const { accessToken, refreshToken, expiresAt } = grantOf(shop);
    return { baseUrl: origin, appKey, appSecret, accessToken, refreshToken, tokenExpiresAt: expiresAt };
  },
};

function present(order: ShopOrder): Record<string, unknown> {
  const { payment_status: _, ship_to: __, ...document } = presentOrder(order);
  return {
    ...mapTimesOfRow(document, (text) => beijingText(new Date(text))),
    status: order.oddStatus ?? tradeStatus(order),
    receiver: maskedReceiver(order),
  };
}
