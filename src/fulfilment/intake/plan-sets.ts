import { hash } from 'node:crypto';
import { newId, type OrderId, type OrderLineId } from '../../kernel/index.ts';
import { setGroups, type OrderSets, type SetGroup, type SetHashes, type SoldOrder } from '../../orders/index.ts';
import { instantOf } from './source-time.ts';

export type SetPlan = { readonly hashes: SetHashes; readonly changed: ReadonlySet<SetGroup>; readonly rows: OrderSets };

type Input = {
  readonly orderId: OrderId;
  readonly order: SoldOrder;
  readonly lineIds: ReadonlyMap<string, OrderLineId>;
  readonly stored: SetHashes | null;
  readonly seenAt: Date;
};

/**
 * Rows of the sets that the document changed, found by the hash of what was said. Amounts as first sold stay where the
 * channel shows reduced ones, and so do the discounts, shipping lines and taxes that explain them.
 */
export function planSets(input: Input): SetPlan {
  const { order, stored } = input;
  const keepsMoney = order.amountsAreReduced && stored !== null;
  const lineTaxes = order.lines.map((line) => [line.externalId, line.taxes]);
  const hashes: SetHashes = {
    money: keepsMoney ? stored.money : hashOf([order.shipping, order.discounts, lineTaxes]),
    payments: hashOfSet(order.payments),
    refunds: hashOfSet(order.refunds),
    returns: hashOfSet(order.returns),
    packages: hashOfSet(order.packages),
  };
  const before = stored === null ? null : { returns: hashOfNothing, ...stored };
  const changed = new Set(setGroups.filter((group) => before?.[group] !== hashes[group]));
  const none = { shipping: [], taxes: [], discounts: [] };
  return {
    hashes,
    changed,
    rows: {
      payments: changed.has('payments') ? paymentRows(input) : [],
      refunds: changed.has('refunds') ? refundRows(input) : [],
      returns: changed.has('returns') ? returnRows(input) : [],
      packages: changed.has('packages') ? packageRows(input) : [],
      ...(changed.has('money') ? moneyRows(input) : none),
    },
  };
}

function hashOf(said: unknown): string {
  return hash('sha256', JSON.stringify(said), 'base64url');
}

const hashOfNothing = hashOf([]);

function hashOfSet(said: readonly unknown[]): string {
  return said.length === 0 ? hashOfNothing : hashOf(said);
}

function moneyRows({ order, orderId, lineIds }: Input): Pick<OrderSets, 'shipping' | 'taxes' | 'discounts'> {
  const shipping = order.shipping.map(({ externalId, title, amountMinor }) => ({
    id: newId<'order_shipping_line'>(),
    orderId,
    externalId,
    title,
    amountMinor,
  }));
  const lineTaxes = order.lines.flatMap((line) =>
    line.taxes.map((tax) => ({
      id: newId<'order_tax'>(),
      orderId,
      orderLineId: lineIds.get(line.externalId) ?? null,
      shippingLineId: null,
      ...tax,
    })),
  );
  const shippingTaxes = order.shipping.flatMap((line, index) =>
    line.taxes.map((tax) => ({
      id: newId<'order_tax'>(),
      orderId,
      orderLineId: null,
      shippingLineId: shipping[index]?.id ?? null,
      ...tax,
    })),
  );
  const discounts = order.discounts.map(({ lineExternalId, code, title, amountMinor, fundedBy }) => ({
    id: newId<'order_discount'>(),
    orderId,
    orderLineId: lineExternalId === null ? null : (lineIds.get(lineExternalId) ?? null),
    code,
    title,
    amountMinor,
    fundedBy,
  }));
  return { shipping, taxes: [...lineTaxes, ...shippingTaxes], discounts };
}

function paymentRows({ order, orderId }: Input): OrderSets['payments'] {
  return order.payments.map(({ paidAt, ...payment }) => ({
    id: newId<'order_payment'>(),
    orderId,
    paidAt: instantOf(paidAt),
    ...payment,
  }));
}

function refundRows({ order, orderId }: Input): OrderSets['refunds'] {
  return order.refunds.map(({ at, lines, ...refund }) => ({
    ...refund,
    id: newId<'order_refund'>(),
    orderId,
    refundedAt: instantOf(at),
    lines: linesOf(lines),
  }));
}

function returnRows({ order, orderId }: Input): OrderSets['returns'] {
  return order.returns.map(({ at, lines, ...asked }) => ({
    ...asked,
    id: newId<'order_return'>(),
    orderId,
    askedAt: instantOf(at),
    lines: linesOf(lines),
  }));
}

function packageRows({ order, orderId, seenAt }: Input): OrderSets['packages'] {
  return order.packages.map(({ lines, ...parcel }) => ({
    ...parcel,
    id: newId<'order_package'>(),
    orderId,
    lines: linesOf(lines),
    seenAt,
  }));
}

function linesOf(lines: readonly { lineExternalId: string; quantity: number }[]): { line: string; quantity: number }[] {
  return lines.map(({ lineExternalId, quantity }) => ({ line: lineExternalId, quantity }));
}
