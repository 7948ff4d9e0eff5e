import { signHmac } from '../../../src/connector-kit/index.ts';
import { id, jsonText } from './present.ts';
import type { Letter } from './webhooks.ts';

/** Which order changed, under HMAC SHA-256 over the app's key and the raw body. No time is signed: a replay is a repeat. */
export function idLetter(appKey: string): Letter {
  return {
    write: (entry, order) => ({
      id: `msg_${entry.seq}_${order.id}`,
      body: jsonText({ message_id: `msg_${entry.seq}_${order.id}`, topic: 'trade', tid: id(order.id) }),
    }),
    headers: (event, secret) =>
      new Headers({
        'content-type': 'application/json',
        'sandbox-app': appKey,
        'sandbox-signature': signHmac(secret, [appKey, event.body], 'hex'),
      }),
  };
}
