import { Hono } from 'hono';
import { z } from 'zod';
import { idText } from '../wire.ts';
import { annotateOrder, cancelOrder, deliverOrder, payOrder, refundOrder } from './change-order.ts';
import { askReturn, cancelReturn, receiveReturn } from './change-returns.ts';
import type { Character } from './characters/index.ts';
import { noFaults, sandboxFaults, type SandboxFaults } from './faults.ts';
import { placeOrder } from './place-order.ts';
import { json, presentOrder } from './present.ts';
import {
  cancelRequest,
  minorOf,
  readBody,
  refundRequest,
  returnRequest,
  settingOf,
  stockRequest,
  unitsOf,
} from './requests.ts';
import { setStock } from './set-stock.ts';
import { orderOf, type Shop } from './shop.ts';
import { splitOrder } from './split-order.ts';

const minor = z.number().int().min(0);

const basketRequest = z.strictObject({
  lines: z
    .array(
      z.strictObject({
        listingId: idText,
        quantity: z.number().int(),
        unitPriceMinor: minor.optional(),
        discountMinor: minor.optional(),
        isGift: z.boolean().optional(),
      }),
    )
    .max(200),
  currency: z.string().optional(),
  pricesIncludeTax: z.boolean().optional(),
  taxBasisPoints: minor.optional(),
  shippingMinor: minor.optional(),
  discounts: z
    .array(
      z.strictObject({
        code: z.string().nullable(),
        title: z.string(),
        amountMinor: minor,
        fundedBy: z.enum(['seller', 'platform']),
      }),
    )
    .optional(),
  isPaid: z.boolean().optional(),
  paymentMethod: z.string().optional(),
  isGuest: z.boolean().optional(),
  note: z.string().optional(),
  risk: z.enum(['none', 'review']).optional(),
  oversell: z.boolean().optional(),
  id: idText.optional(),
});

const splitRequest = z.strictObject({
  groups: z.array(z.array(idText)).max(50),
  first: z.enum(['parent', 'parts']).default('parent'),
});

/** What buyers, staff and tests do: not part of the vendor's API. */
export function controlApi(shop: Shop, character: Character, faults: SandboxFaults): Hono {
  const api = new Hono();
  api.post('/orders', async (c) =>
    json(presentOrder(placeOrder(shop, character.checkout(await readBody(c.req, basketRequest)))), 201),
  );
  api.post('/orders/:id/pay', (c) => json(presentOrder(payOrder(shop, c.req.param('id')))));
  api.post('/orders/:id/deliver', (c) => json(presentOrder(deliverOrder(shop, c.req.param('id')))));
  api.post('/orders/:id/annotate', async (c) => {
    const { note } = await readBody(c.req, z.strictObject({ note: z.string().max(1000) }));
    return json(presentOrder(annotateOrder(shop, c.req.param('id'), note)));
  });
  api.post('/orders/:id/cancel', async (c) => {
    const body = await readBody(c.req, cancelRequest);
    const lines = body.lines === null ? null : unitsOf(body.lines);
    const cancel = { lines, reason: body.reason, ifVersion: null };
    return json(presentOrder(cancelOrder(shop, 'staff', c.req.param('id'), cancel)));
  });
  api.post('/orders/:id/refund', async (c) => {
    const body = await readBody(c.req, refundRequest);
    const order = orderOf(shop, c.req.param('id'));
    refundOrder(shop, 'staff', order.id, {
      amountMinor: minorOf(body.amount, order.currency),
      reason: body.reason,
      requestId: null,
      lines: unitsOf(body.lines),
      ifVersion: null,
    });
    return json(presentOrder(order));
  });
  api.post('/orders/:id/split', async (c) => {
    const { groups, first } = await readBody(c.req, splitRequest);
    return json(splitOrder(shop, c.req.param('id'), { groups, first }).map(presentOrder), 201);
  });
  api.post('/orders/:id/returns', async (c) => {
    const { reason, lines } = await readBody(c.req, returnRequest);
    askReturn(shop, c.req.param('id'), { reason, lines: unitsOf(lines) });
    return json(presentOrder(orderOf(shop, c.req.param('id'))), 201);
  });
  api.post('/orders/:id/returns/:return/cancel', (c) => {
    cancelReturn(shop, c.req.param('id'), c.req.param('return'));
    return json(presentOrder(orderOf(shop, c.req.param('id'))));
  });
  api.post('/orders/:id/returns/:return/receive', (c) => {
    receiveReturn(shop, c.req.param('id'), c.req.param('return'));
    return json(presentOrder(orderOf(shop, c.req.param('id'))));
  });
  api.put('/stock', async (c) => {
    const { items } = await readBody(c.req, stockRequest);
    for (const item of items) setStock(shop, 'staff', settingOf(item));
    return json({});
  });
  api.get('/state', () => json(shop.state));
  api.get('/journal', (c) => {
    const after = Number(c.req.query('after') ?? '0');
    return json({ entries: shop.state.journal.filter(({ seq }) => seq > after) });
  });
  api.get('/faults', () => json(faults));
  api.post('/faults', async (c) =>
    json(Object.assign(faults, await readBody(c.req, sandboxFaults.partial().strict()))),
  );
  api.delete('/faults', () => json(Object.assign(faults, noFaults, character.nature)));
  return api;
}
