import { returnable, sum, type Model, type Order, type Part, type Refund, type ReturnedLine } from './model.ts';

const keyOf = (model: Model, order: Order): string =>
  `${order.key}#${model.returns.filter((one) => one.order === order).length + 1}`;

const freshLine = (quantity: number): ReturnedLine => ({ quantity, restock: 0, scrap: 0, none: 0 });

export function openReturn(model: Model, order: Order, lines: readonly (readonly [string, number])[]): string {
  const key = keyOf(model, order);
  const units = new Map(lines.map(([line, quantity]) => [line, freshLine(quantity)]));
  model.returns.push({ key, order, state: 'open', lines: units });
  return key;
}

/** Units of a return's line that no refund of it pays back. */
function unpaid(model: Model, returnKey: string, line: string, quantity: number): number {
  const paid = sum(model.refunds, (refund) => {
    const own = refund.returnKey === returnKey ? refund.units.filter((one) => one.line === line) : [];
    return sum(own, (one) => one.quantity);
  });
  return quantity - paid;
}

/**
 * Each refund that the channel shows is judged once, and none while one asked here is on its way. It pays back a return that
 * covers it; else its units are first those that never left, and the others come back by a return of their own.
 */
export function judgeRefunds(model: Model, order: Order): void {
  const known = model.refunds.filter((refund) => refund.order === order);
  if (known.some(({ state }) => state === 'asked')) return;
  const judged = new Set(known.map(({ externalId }) => externalId));
  const shown = order.document.refunds
    .filter(({ externalId }) => !judged.has(externalId))
    .toSorted((a, b) => (a.externalId < b.externalId ? -1 : 1));
  const before = model.returns.filter((one) => one.order === order && one.state !== 'withdrawn');
  for (const { externalId, amountMinor, lines } of shown) {
    const wanted = lines.map(({ lineExternalId, quantity }) => ({ line: lineExternalId, quantity }));
    const made = { order, isAskedHere: false, state: 'made', externalId, amountMinor, shippingMinor: 0 } as const;
    const covering = before.find(
      (one) =>
        wanted.length > 0 &&
        wanted.every(
          ({ line, quantity }) => unpaid(model, one.key, line, one.lines.get(line)?.quantity ?? 0) >= quantity,
        ),
    );
    if (covering !== undefined) {
      const units = wanted.map((one) => ({ ...one, unshipped: 0 }));
      model.refunds.push({ ...made, returnKey: covering.key, units });
      continue;
    }
    const split = wanted.flatMap(({ line, quantity }) => {
      const part = order.parts.find((one) => one.line === line);
      return part === undefined ? [] : [splitUnits(model, order, part, quantity)];
    });
    const back = split.flatMap(({ line, back: units }) => (units > 0 ? [[line, units] as const] : []));
    const returnKey = back.length > 0 ? openReturn(model, order, back) : null;
    const units = split.map(({ line, quantity, unshipped }) => ({ line, quantity, unshipped }));
    model.refunds.push({ ...made, returnKey, units });
  }
}

function splitUnits(model: Model, order: Order, part: Part, quantity: number) {
  const told = model.refunds.filter((refund) => refund.order === order).flatMap(({ units }) => units);
  const counted = sum(told, (one) => (one.line === part.line ? one.unshipped : 0));
  const atHome = Math.max(0, part.quantity - Math.floor(part.shipped / part.per) - counted);
  const unshipped = Math.min(quantity, atHome);
  const back = Math.min(quantity - unshipped, Math.max(0, returnable(model, order, part)));
  return { line: part.line, quantity, unshipped, back };
}

type Asked = { readonly units: Refund['units']; readonly amountMinor: number; readonly shippingMinor: number };

/** What a return is worth that was not paid back yet: its units at what each cost, and shipping once where that is wished. */
export function worth(model: Model, returnKey: string, includesShipping: boolean): Asked {
  const found = model.returns.find(({ key }) => key === returnKey);
  if (found === undefined) throw new Error('no such return in the model');
  const { order } = found;
  const known = model.refunds.filter((refund) => refund.order === order);
  const units = [...found.lines].flatMap(([line, { quantity, none }]) => {
    const left = unpaid(model, returnKey, line, quantity) - none;
    return left > 0 ? [{ line, quantity: left, unshipped: 0 }] : [];
  });
  const goodsMinor = sum(units, ({ line, quantity }) => {
    const told = order.document.lines.find((one) => one.externalId === line);
    if (told === undefined) return 0;
    const paid = sum(
      known.flatMap((refund) => refund.units),
      (one) => (one.line === line ? one.quantity : 0),
    );
    const upTo = (count: number): number => Math.min(count, told.quantity) * (told.amountMinor / told.quantity);
    return upTo(paid + quantity) - upTo(paid);
  });
  const shipping = sum(order.document.shipping, ({ amountMinor }) => amountMinor);
  const left = Math.max(0, shipping - sum(known, (refund) => refund.shippingMinor));
  const shippingMinor = includesShipping ? left : 0;
  return { units, amountMinor: goodsMinor + shippingMinor, shippingMinor };
}

/** What the buyer paid and neither has back nor is asked to get back. */
export function refundable(model: Model, order: Order): number {
  const { document } = order;
  const shown = new Set(document.refunds.map(({ externalId }) => externalId));
  const paid = document.paymentState === 'paid' ? document.totalMinor : 0;
  const onTheWay = model.refunds.filter(
    (refund) => refund.order === order && refund.isAskedHere && !shown.has(refund.externalId ?? ''),
  );
  return (
    paid - sum(document.refunds, ({ amountMinor }) => amountMinor) - sum(onTheWay, ({ amountMinor }) => amountMinor)
  );
}
