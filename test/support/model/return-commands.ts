import { expect } from 'vitest';
import { sendRequests } from '../../../src/outbound/index.ts';
import { askReturnRefund, decideReturn, enterReturn, withdrawReturn } from '../../../src/returns/index.ts';
import { lease, signal } from '../factories/inbound-world.ts';
import { shownRefund } from '../factories/returns-world.ts';
import { showOrder, totalled } from './channel-commands.ts';
import { addOnHand, partOf, returnable, sum, type Model, type Return } from './model.ts';
import { judgeRefunds, openReturn, refundable, worth } from './refund-rules.ts';
import { partKey } from './rules.ts';
import {
  command,
  expectRefused,
  houseAt,
  owe,
  pick,
  run,
  seenOrder,
  seenPart,
  type Command,
  type Real,
} from './walk.ts';

export function returnCommand(seed: number, quantity: number): Command {
  return command(`return ${quantity} of ${seed}`, async (model, real) => {
    const shipped = model.orders.filter((order) => order.parts.some((part) => part.shipped > 0));
    if (shipped.length === 0) return false;
    const order = pick(shipped, seed);
    const part = pick(order.parts, seed);
    const { orderId, lineId: orderLineId } = seenPart(real, order, part.line);
    const entry = { orderId, reason: 'did not fit', lines: [{ orderLineId, quantity }], refund: null };
    const enter = run(real, (ctx) => enterReturn(ctx, entry));
    if (quantity > returnable(model, order, part)) return expectRefused(enter, 'return.more_than_shipped');
    await enter;
    openReturn(model, order, [[part.line, quantity]]);
    owe(real, order, 'return_opened');
  });
}

const seenReturn = (real: Real, found: Return) => {
  const own = real.seen.returns.filter((one) => one.orderId === seenOrder(real, found.order).id);
  const seen = own[Number(found.key.split('#').at(-1)) - 1];
  if (seen === undefined) throw new Error(`no return ${found.key} was seen`);
  return seen;
};

export function decideCommand(
  seed: number,
  decision: 'restock' | 'scrap' | 'none',
  quantity: number,
  houseSeed: number,
): Command {
  return command(`decide ${quantity} of ${seed} as ${decision}`, async (model, real) => {
    if (model.returns.length === 0) return false;
    const found = pick(model.returns, seed);
    const [name, line] = pick([...found.lines], seed);
    const seen = seenReturn(real, found);
    const returnLineId = seen.lines.find((one) => one.line === name)?.id;
    if (returnLineId === undefined) throw new Error(`no line ${name} of ${found.key} was seen`);
    const { house, warehouseId } = houseAt(real, houseSeed);
    const decided = { returnLineId, decision, quantity, note: null };
    const lines = [{ ...decided, warehouseId: decision === 'restock' ? warehouseId : null }];
    const decide = run(real, (ctx) => decideReturn(ctx, { returnId: seen.id, lines, refund: null }));
    if (found.state !== 'open') return expectRefused(decide, 'return.transition_refused');
    const waits = line.quantity - line.restock - line.scrap - line.none;
    if (quantity > waits) return expectRefused(decide, 'return.more_than_waits');
    await decide;
    line[decision] += quantity;
    const part = partOf(model, partKey(found.order, name));
    if (decision === 'restock') addOnHand(model, part.sku, house, quantity * part.per);
    const open = sum(found.lines.values(), (one) => one.quantity - one.restock - one.scrap - one.none);
    if (open === 0) found.state = 'decided';
    owe(real, found.order, 'return_decided');
  });
}

export function forgetReturnCommand(seed: number): Command {
  return command(`forget-return ${seed}`, async (model, real) => {
    if (model.returns.length === 0) return false;
    const found = pick(model.returns, seed);
    const forget = run(real, (ctx) => withdrawReturn(ctx, seenReturn(real, found).id));
    if (found.state !== 'open') return expectRefused(forget, 'return.transition_refused');
    const lines = [...found.lines.values()];
    if (lines.some((line) => line.restock + line.scrap + line.none > 0)) {
      return expectRefused(forget, 'return.already_decided');
    }
    if (model.refunds.some((refund) => refund.returnKey === found.key)) {
      return expectRefused(forget, 'return.refund_stands');
    }
    await forget;
    found.state = 'withdrawn';
    owe(real, found.order, 'return_withdrawn');
  });
}

/** The channel pays money back by itself: for units of a line, or for nothing in particular. */
export function channelRefundCommand(seed: number, at: number, quantity: number, amount: number): Command {
  return command(`channel-refund of ${amount} for ${quantity} units to ${seed}`, async (model, real) => {
    const paid = model.orders.filter((order) => refundable(model, order) > 0);
    if (paid.length === 0) return false;
    const order = pick(paid, seed);
    const externalId = `r-${String(order.document.refunds.length).padStart(4, '0')}`;
    const line = pick(order.parts, at);
    const lines = quantity === 0 ? [] : [[line.line, quantity] as const];
    const refund = shownRefund(externalId, Math.min(amount, refundable(model, order)), lines);
    await showOrder(model, real, order, { ...order.document, refunds: [...order.document.refunds, refund] });
    owe(real, order, 'refunded');
  });
}

export function askRefundCommand(seed: number, includesShipping: boolean): Command {
  return command(`ask-refund of ${seed}${includesShipping ? ' with shipping' : ''}`, async (model, real) => {
    if (model.returns.length === 0) return false;
    const found = pick(model.returns, seed);
    const { order } = found;
    // What a cent that the channel charged beyond the sum does to a share is shown beside the money of returns.
    if (order.document.totalMinor !== totalled(order.document, 0).totalMinor) return false;
    const returnId = seenReturn(real, found).id;
    const wish = { returnId, lines: null, amount: null, includesShipping, reason: null };
    const ask = run(real, (ctx) => askReturnRefund(ctx, wish));
    const refusal = whyNot(model, found, includesShipping);
    if (refusal !== null) return expectRefused(ask, refusal);
    const { amountMinor } = await ask;
    const { units, shippingMinor, ...expected } = worth(model, found.key, includesShipping);
    expect(amountMinor).toBe(expected.amountMinor);
    model.refunds.push({
      order,
      returnKey: found.key,
      isAskedHere: true,
      state: 'asked',
      externalId: null,
      amountMinor,
      shippingMinor,
      units,
    });
    owe(real, order, 'refund_asked');
  });
}

function whyNot(model: Model, found: Return, includesShipping: boolean): string | null {
  const { units, amountMinor, shippingMinor } = worth(model, found.key, includesShipping);
  if (found.state === 'withdrawn') return 'return.withdrawn';
  if (units.length === 0 && shippingMinor === 0) return 'return.already_refunded';
  if (amountMinor <= 0) return 'input.invalid';
  if (amountMinor > refundable(model, found.order)) return 'refund.too_much';
  const tooMany = units.some(
    ({ line, quantity }) => quantity > (found.order.parts.find((part) => part.line === line)?.quantity ?? 0),
  );
  return tooMany ? 'input.invalid' : null;
}

/** The lane of a shop tells the channel what was asked; the channel pays, and shows it when the order is read again. */
export function payBackCommand(shop: number): Command {
  return command(`pay-back by shop ${shop}`, async (model, real) => {
    const asked = model.refunds.filter(({ state, order }) => state === 'asked' && order.shop === shop);
    if (asked.length === 0) return false;
    const { deps, sessions, channel } = real.world;
    const from = channel.told.refunds.length;
    await sendRequests(deps, pick(sessions, shop), lease, signal);
    const written = channel.told.refunds.slice(from);
    expect(written.map(({ amountMinor }) => amountMinor)).toEqual(asked.map(({ amountMinor }) => amountMinor));
    for (const [index, refund] of asked.entries()) {
      refund.state = 'made';
      refund.externalId = `written-${from + index + 1}`;
    }
    for (const { order } of asked) judgeRefunds(model, order);
    for (const { order, externalId, amountMinor, units } of asked) {
      real.nowMs += 1;
      const lines = units.map(({ line, quantity }) => [line, quantity] as const);
      const refunds = [...order.document.refunds, shownRefund(externalId ?? '', amountMinor, lines)];
      await showOrder(model, real, order, { ...order.document, refunds });
      owe(real, order, 'refunded');
    }
  });
}
