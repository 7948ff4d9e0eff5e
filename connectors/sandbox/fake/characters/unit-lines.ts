import { Hono } from 'hono';
import { cancelOrder } from '../change-order.ts';
import { requireKey } from '../gate.ts';
import { id, json, presentOrder } from '../present.ts';
import { ShopRefusal, type Shop } from '../shop.ts';
import type { ShopOrder } from '../state.ts';
import { wholeOrderLetter } from '../whole-order-letter.ts';
import type { Character } from './character.ts';
import { plain } from './plain.ts';

/**
 * Sells every unit as a line of its own, cancels one unit a call, refuses single items of a stock batch, and splits orders
 * by itself (`splitOrder`): parent and parts name each other, and each is told on its own.
 */
export const unitLines: Character = {
  ...plain,
  nature: { refuseItemRate: 0.05 },
  letter: () => wholeOrderLetter(present),
  door: (shop, { apiKey }) => ({ guard: requireKey(apiKey), routes: unitRoutes(shop) }),
  present,
  checkout: (basket) => ({
    ...basket,
    lines: basket.lines.flatMap((line) => Array.from({ length: line.quantity }, () => ({ ...line, quantity: 1 }))),
  }),
};

function present(order: ShopOrder): Record<string, unknown> {
  return {
    ...presentOrder(order),
    part_of: order.partOf === undefined || order.partOf === null ? null : id(order.partOf),
    split_into: (order.splitInto ?? []).map(id),
  };
}

/** `POST /units/:line/cancel`: the only cancel there is. */
function unitRoutes(shop: Shop): Hono {
  const routes = new Hono();
  routes.post('/units/:line/cancel', (c) => {
    const lineId = c.req.param('line');
    const order = Object.values(shop.state.orders).find(({ lines }) => lines.some((line) => line.id === lineId));
    if (order === undefined) throw new ShopRefusal(404, 'unit_not_found', 'no such unit');
    const cancel = { lines: [{ lineId, quantity: 1 }], reason: c.req.query('reason') ?? '', ifVersion: null };
    cancelOrder(shop, 'hub', order.id, cancel);
    return json({ id: id(order.id) });
  });
  routes.post('/orders/:id/cancel', () => {
    throw new ShopRefusal(404, 'no_such_call', 'units are cancelled one by one');
  });
  return routes;
}
