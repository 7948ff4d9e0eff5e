import { toLocalText } from '../../local-time.ts';
import { mapTimesOfRow } from '../../map-times.ts';
import { listByCursor } from '../list-orders.ts';
import { presentOrder } from '../present.ts';
import { onHandStock } from '../stock-door.ts';
import { thinLetter } from '../thin-letter.ts';
import type { Character } from './character.ts';
import { plain } from './plain.ts';

const timeZone = 'Europe/Berlin';

/** What staff does in the back office and the change clock does not notice. */
const unnoticed = new Set(['annotated', 'cancelled', 'refunded', 'delivered', 'return_arrived']);

const local = (instant: string): string => toLocalText(new Date(instant), timeZone);

/**
 * Somebody's own server: it answers 502 for a while, slowly, 429 without saying for how long, or not at all after it has
 * committed. Stock is what is on hand, from which it subtracts what it has sold and not sent. Times are the clock on its
 * wall, without a zone: one hour a year comes twice. What staff does leaves the change time as it was, and there are no
 * versions.
 */
export const selfHosted: Character = {
  ...plain,
  nature: {
    outageRate: 0.01,
    throttleRate: 0.01,
    retryAfterSeconds: null,
    slowRate: 0.02,
    loseAnswerRate: 0.03,
  },
  timeZone,
  changeTime: (order, { at, by, kind }) => (by === 'staff' && unnoticed.has(kind) ? order.updatedAt : at),
  list: listByCursor(({ updatedAt }) => local(updatedAt)),
  stock: onHandStock,
  letter: () => thinLetter,
  present(order) {
    const { version: _, ...rest } = presentOrder(order);
    return mapTimesOfRow(rest, local);
  },
  settings: (_, { apiKey, webhookSecret }, origin) => ({ baseUrl: origin, apiKey, webhookSecret, timeZone }),
};
