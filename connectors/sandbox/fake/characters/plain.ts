import { requireKey } from '../gate.ts';
import { listByCursor } from '../list-orders.ts';
import { presentOrder } from '../present.ts';
import { saleableStock } from '../stock-door.ts';
import { promptViews } from '../views.ts';
import { wholeOrderLetter } from '../whole-order-letter.ts';
import type { Character } from './character.ts';

/** What the characters have in common where they say nothing else. */
export const plain: Character = {
  nature: {},
  timeZone: 'UTC',
  changeTime: (_, { at }) => at,
  list: listByCursor(({ updatedAt }) => updatedAt),
  stock: saleableStock,
  letter: () => wholeOrderLetter(presentOrder),
  views: promptViews,
  door: (_, { apiKey }) => ({ guard: requireKey(apiKey), routes: null }),
  present: presentOrder,
  checkout: (basket) => basket,
  settings: (_, { apiKey, webhookSecret }, origin) => ({ baseUrl: origin, apiKey, webhookSecret }),
};
