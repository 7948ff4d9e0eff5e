import { openShop, type ShopDeps } from '../channels/index.ts';
import { holdsNul, type ChannelOrder } from '../connector-kit/index.ts';
import { checkDocument } from '../fulfilment/index.ts';
import { authorise } from '../identity/index.ts';
import { Fault, invalidField, type FieldFault, type ShopId } from '../kernel/index.ts';
import { onBehalf, type Ctx } from '../platform/db/index.ts';
import { lockPushed } from './lock-pushed.ts';
import { storeDocuments } from './store-documents.ts';

export type Pushed = { readonly stored: number; readonly unchanged: number };

/**
 * Takes orders that a seller's own store tells in our words: each is kept as a raw document in the inbox, and taken in from
 * there. All of them or none. Throws Fault `channel.takes_no_orders`, `shop.unknown`, `shop.removed`, or one that names the
 * fields of an order that cannot be.
 */
export async function pushOrders(
  ctx: Ctx,
  deps: ShopDeps,
  shopId: ShopId,
  orders: readonly ChannelOrder[],
): Promise<Pushed> {
  authorise(ctx, 'orders:push');
  const session = await openShop(ctx.tx, deps, shopId);
  const toDocument = session.connector.orders.fromChannelOrder;
  if (toDocument === undefined) throw takesNone('orders', session.connector.code);
  checkNamedOnce(orders, 'orders');
  for (const [index, order] of orders.entries()) {
    checkOrder(order, `orders.${index}`);
    refuseNul(order, `orders.${index}`);
  }
  const inner = onBehalf(ctx, 'push_orders');
  await lockPushed(
    inner,
    shopId,
    orders.map((order) => order.externalId),
  );
  const stored = await storeDocuments(inner, session, orders.map(toDocument), {
    source: 'api',
    readStartedAt: ctx.now,
    isBackfill: false,
  });
  return { stored, unchanged: orders.length - stored };
}

export function takesNone(what: 'orders' | 'listings', channel: string): Fault {
  const message = `the ${what} of ${channel} are read from the channel; only a store of your own sends them here`;
  return new Fault('conflict', `channel.takes_no_${what}`, { message, data: { channel } });
}

/** Of two documents about one thing in one call nobody could say which is newer. */
export function checkNamedOnce(items: readonly { readonly externalId: string }[], path: string): void {
  const first = new Map<string, number>();
  const fields = items.flatMap(({ externalId }, index): FieldFault[] => {
    const before = first.get(externalId);
    if (before === undefined) first.set(externalId, index);
    const message = `repeats ${path}.${before}.externalId`;
    return before === undefined ? [] : [{ path: `${path}.${index}.externalId`, code: 'input.repeated', message }];
  });
  if (fields.length > 0) throw new Fault('invalid', 'input.repeated', { message: 'an id is named twice', fields });
}

export function refuseNul(item: unknown, path: string): void {
  if (holdsNul(JSON.stringify(item))) throw invalidField(path, 'input.nul', 'holds the character NUL');
}

function checkOrder(order: ChannelOrder, path: string): void {
  try {
    checkDocument(order);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const fields = error.fields.map((field) => ({ ...field, path: `${path}.${field.path}` }));
    const message = fields.map((field) => `${field.path}: ${field.message}`).join('; ');
    throw new Fault(error.kind, error.code, { message, fields, cause: error });
  }
}
