import { signHmac } from '../../../src/connector-kit/index.ts';
import { jsonText } from './present.ts';
import type { ShopOrder } from './state.ts';
import type { Letter } from './webhooks.ts';

/** The whole order, under a signed time. */
export function wholeOrderLetter(present: (order: ShopOrder) => Record<string, unknown>): Letter {
  return {
    write: (entry, order) => ({
      id: `evt_${entry.seq}_${order.id}`,
      body: jsonText({
        id: `evt_${entry.seq}`,
        event: entry.kind === 'placed' ? 'order.created' : 'order.updated',
        created_at: entry.at,
        order: present(order),
      }),
    }),
    headers: timedHeaders,
  };
}

/** HMAC SHA-256, hex, over `<event id>.<seconds since 1970>.<raw body>`. */
export const timedHeaders: Letter['headers'] = (event, secret, at) => {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return new Headers({
    'content-type': 'application/json',
    'sandbox-event-id': event.id,
    'sandbox-timestamp': timestamp,
    'sandbox-signature': signHmac(secret, [`${event.id}.${timestamp}.`, event.body], 'hex'),
  });
};
