import { id, jsonText } from './present.ts';
import type { Letter } from './webhooks.ts';
import { timedHeaders } from './whole-order-letter.ts';

/** Only which order it is about: whoever wants to know more must ask. */
export const thinLetter: Letter = {
  write: (entry, order) => ({
    id: `evt_${entry.seq}_${order.id}`,
    body: jsonText({
      id: `evt_${entry.seq}`,
      event: entry.kind === 'placed' ? 'order.created' : 'order.updated',
      order_id: id(order.id),
    }),
  }),
  headers: timedHeaders,
};
