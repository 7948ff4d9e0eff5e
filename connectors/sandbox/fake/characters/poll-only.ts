import { listByPage } from '../list-orders.ts';
import { presentOrder } from '../present.ts';
import { lateViews } from '../views.ts';
import type { Character } from './character.ts';
import { plain } from './plain.ts';

const second = 1_000;

/**
 * Tells nobody anything, and shows late: the list, reading by id, the count and the stock each learn of a change in their own
 * time, at most 20 s later. Pages by number, the latest change first. Change times are whole seconds, which many orders
 * share; two changes of one order are written at least a second apart.
 */
export const pollOnly: Character = {
  ...plain,
  nature: { lateMs: 20_000 },
  changeTime(order, { at }) {
    const nowMs = Math.floor(Date.parse(at) / second) * second;
    const beforeMs = order.version <= 1 ? 0 : Date.parse(order.updatedAt);
    return new Date(Math.max(nowMs, beforeMs + second)).toISOString();
  },
  list: listByPage(({ updatedAt }) => updatedAt),
  letter: null,
  views: lateViews,
  present(order) {
    const { version: _, ...rest } = presentOrder(order);
    return rest;
  },
  settings: (_, { apiKey }, origin) => ({ baseUrl: origin, apiKey }),
};
