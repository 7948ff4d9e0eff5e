import { expect } from 'vitest';
import type { ChannelOrder, ChannelOrderLine } from '../../../src/connector-kit/index.ts';
import { takeInOrders } from '../../../src/fulfilment/index.ts';
import { keepTombstones, placeHolds, releaseHolds } from '../../../src/orders/index.ts';
import { documentOf, receiverOf, soldLine, soldOrder } from '../factories/channel-order.ts';
import { isCancelled, sum, unitPriceMinor, type Model, type Order } from './model.ts';
import { judgeRefunds } from './refund-rules.ts';
import { takeDocument } from './rules.ts';
import { command, owe, pick, run, seenOrder, type Command, type Real } from './walk.ts';
import { listingOf } from './world.ts';

export type OrderSeed = {
  readonly shop: number;
  readonly lines: readonly (readonly [sku: number, quantity: number])[];
  readonly placed: number;
  readonly receiver: number;
  readonly shippingMinor: number;
  readonly residualMinor: number;
  readonly isPaid: boolean;
  /** A cancel was told before the order came. */
  readonly hasNotice: boolean;
};

const readAt = (atMs: number): Date => documentOf(soldOrder('any'), atMs).readStartedAt;
const receivers = ['Ada', 'Grace'];

export function orderCommand(seed: OrderSeed): Command {
  const sold = seed.lines.map(([sku, quantity]) => `${quantity} of ${sku}`).join(' and ');
  const more = `${seed.isPaid ? '' : ' unpaid'}${seed.hasNotice ? ' after its cancel' : ''}`;
  return command(`order ${sold} by ${receivers[seed.receiver]} in shop ${seed.shop}${more}`, async (model, real) => {
    const serial = model.orders.length;
    // Both shops have an order of each number, as two shops of one channel do.
    const externalId = `${real.walk}${Math.floor(serial / 2)}${seed.shop === serial % 2 ? '' : 'x'}`;
    const lines = seed.lines.map(([sku, quantity], index) => lineOf(real, `l${index}`, sku, quantity));
    const placedAt = new Date(Date.UTC(2026, 10, 1, 0, 0, seed.placed, serial));
    const document = totalled(
      {
        ...soldOrder(externalId, { lines, placedAt: placedAt.toISOString() }),
        receiver: receiverOf({ name: receivers[seed.receiver] ?? '' }),
        shipping: [{ externalId: 's', title: 'Parcel', amountMinor: seed.shippingMinor, taxes: [] }],
        ...(seed.isPaid ? {} : { paymentState: 'unpaid' as const, paidAt: null }),
      },
      seed.residualMinor,
    );
    const noticeAtMs = seed.hasNotice ? real.nowMs + 5 : null;
    if (noticeAtMs !== null) await giveNotice(real, seed.shop, externalId, noticeAtMs);
    const order: Order = {
      key: `${seed.shop}:${externalId}`,
      shop: seed.shop,
      document,
      outdated: [],
      readAtMs: real.nowMs,
      noticeAtMs,
      holds: new Set(),
      parts: [],
      isBilled: false,
    };
    expect(await takeIn(real, order, document, real.nowMs)).toBe('created');
    model.orders.push(order);
    takeDocument(model, order, document, real.nowMs);
    owe(real, order, seed.hasNotice ? 'cancelled' : 'taken_in');
  });
}

function giveNotice(real: Real, shop: number, externalId: string, atMs: number): Promise<void> {
  const notice = { externalId, cancelledAt: readAt(atMs), reason: 'buyer', toldAt: readAt(atMs) };
  return run(real, (ctx) => keepTombstones(ctx, pick(real.world.shopIds, shop), [notice]));
}

const lineOf = (real: Real, externalId: string, sku: number, quantity: number): ChannelOrderLine =>
  soldLine(externalId, {
    listingExternalId: listingOf(real.walk, sku),
    quantity,
    amountMinor: (unitPriceMinor[sku] ?? 0) * quantity,
  });

/** The total that the channel charges for it, which may be a cent off the sum. */
export function totalled(document: ChannelOrder, residualMinor: number): ChannelOrder {
  const added = sum(document.lines, (line) => line.amountMinor) + sum(document.shipping, (line) => line.amountMinor);
  return { ...document, totalMinor: added + residualMinor };
}

async function takeIn(real: Real, { shop }: Order, document: ChannelOrder, atMs: number): Promise<string | undefined> {
  const { shopIds, deps } = real.world;
  const results = await run(real, (ctx) => takeInOrders(ctx, deps, pick(shopIds, shop), [documentOf(document, atMs)]));
  return results[0]?.outcome;
}

/** The channel shows the order anew: it is taken in, and whatever follows from it. */
export async function showOrder(model: Model, real: Real, order: Order, document: ChannelOrder): Promise<void> {
  expect(await takeIn(real, order, document, real.nowMs)).toBe('updated');
  order.outdated.push({ document: order.document, readAtMs: order.readAtMs });
  if (takeDocument(model, order, document, real.nowMs)) owe(real, order, 'change_too_late');
  judgeRefunds(model, order);
}

type Change = { readonly document: ChannelOrder; readonly kind: string } | null;
const residualOf = (document: ChannelOrder): number => document.totalMinor - totalled(document, 0).totalMinor;

/** A change that the channel makes to one of its orders; null where this one cannot be changed so. */
function changeCommand(name: string, seed: number, change: (order: Order, real: Real) => Change): Command {
  return command(`${name} of ${seed}`, async (model, real) => {
    if (model.orders.length === 0) return false;
    const order = pick(model.orders, seed);
    const changed = change(order, real);
    if (changed === null) return false;
    await showOrder(model, real, order, totalled(changed.document, residualOf(order.document)));
    owe(real, order, changed.kind);
  });
}

const withLine = ({ document }: Order, at: number, line: Partial<ChannelOrderLine>): ChannelOrder => ({
  ...document,
  lines: document.lines.map((one, index) => (index === at % document.lines.length ? { ...one, ...line } : one)),
});

export const editQuantityCommand = (seed: number, at: number, quantity: number): Command =>
  changeCommand(`edit-quantity to ${quantity}`, seed, (order) => {
    const line = pick(order.document.lines, at);
    const wanted = Math.max(quantity, line.cancelledQuantity);
    if (line.quantity === wanted) return null;
    const amountMinor = (line.amountMinor / line.quantity) * wanted;
    return { document: withLine(order, at, { quantity: wanted, amountMinor }), kind: 'edited' };
  });

export const addLineCommand = (seed: number, sku: number, quantity: number): Command =>
  changeCommand(`add-line with ${quantity} of ${sku}`, seed, (order, real) => {
    const externalId = `l${order.parts.length}`;
    const lines = [...order.document.lines, lineOf(real, externalId, sku, quantity)];
    return order.parts.length > 4 ? null : { document: { ...order.document, lines }, kind: 'edited' };
  });

export const removeLineCommand = (seed: number, at: number): Command =>
  changeCommand('remove-line', seed, ({ document }) => {
    const lines = document.lines.filter((_, index) => index !== at % document.lines.length);
    return lines.length === 0 ? null : { document: { ...document, lines }, kind: 'edited' };
  });

export const addressCommand = (seed: number): Command =>
  changeCommand('address', seed, ({ document }) => {
    const name = document.receiver?.address.name === receivers[0] ? receivers[1] : receivers[0];
    return { document: { ...document, receiver: receiverOf({ name: name ?? '' }) }, kind: 'address_changed' };
  });

export const cancelLineCommand = (seed: number, at: number, units: number): Command =>
  changeCommand(`cancel-line by ${units}`, seed, (order) => {
    const line = pick(order.document.lines, at);
    const cancelledQuantity = Math.min(line.quantity, line.cancelledQuantity + units);
    if (cancelledQuantity === line.cancelledQuantity || isCancelled(order)) return null;
    return order.noticeAtMs === null
      ? { document: withLine(order, at, { cancelledQuantity }), kind: 'lines_cancelled' }
      : null;
  });

export const cancelCommand = (seed: number): Command =>
  changeCommand('cancel', seed, (order) => {
    if (order.document.cancelledAt !== null)
      return { document: { ...order.document, cancelledAt: null }, kind: 'reopened' };
    const document = { ...order.document, cancelledAt: '2026-11-22T09:00:00Z', cancelReason: 'buyer' };
    return isCancelled(order) ? null : { document, kind: 'cancelled' };
  });

export const payCommand = (seed: number): Command =>
  changeCommand('pay', seed, ({ document }) => {
    if (document.paymentState === 'paid') return null;
    return { document: { ...document, paymentState: 'paid', paidAt: '2026-11-20T10:01:00Z' }, kind: 'paid' };
  });

/** An older document comes late, and the newest comes twice: neither is news. */
export function repeatCommand(seed: number): Command {
  return command(`repeat ${seed}`, async (model, real) => {
    if (model.orders.length === 0) return false;
    const order = pick(model.orders, seed);
    const late = order.outdated.at(seed % Math.max(1, order.outdated.length));
    if (late !== undefined) expect(await takeIn(real, order, late.document, late.readAtMs)).toBe('older');
    else expect(await takeIn(real, order, order.document, order.readAtMs)).toBe('unchanged');
  });
}

/** A person's hold: placed, or released where it stands. */
export function holdCommand(seed: number): Command {
  return command(`hold ${seed}`, async (model, real) => {
    if (model.orders.length === 0) return false;
    const order = pick(model.orders, seed);
    const hold = { orderId: seenOrder(real, order).id, kind: 'manual' as const, cause: {} };
    const isHeld = order.holds.has('manual');
    await run(real, (ctx) => (isHeld ? releaseHolds(ctx, [hold]) : placeHolds(ctx, [hold])));
    if (isHeld) order.holds.delete('manual');
    else order.holds.add('manual');
    owe(real, order, isHeld ? 'hold_released' : 'hold_placed');
  });
}
