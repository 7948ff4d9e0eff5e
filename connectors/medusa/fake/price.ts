import { parseDecimal, rescale, subtractDecimal, type Decimal } from '../../../src/kernel/index.ts';
import { sumDecimals } from '../round-together.ts';
import { textOf, type FakeItem, type FakeOrder } from './state.ts';

/** Medusa divides to twenty digits and rounds nothing else. */
const divisionScale = 20;

export type Priced = {
  readonly originalTotal: string;
  readonly total: string;
  readonly taxTotal: string;
  readonly discountTotal: string;
};

export function priceItem(order: FakeOrder, item: FakeItem): Priced {
  return price(
    order,
    multiply(parseDecimal(item.unitPrice), BigInt(item.quantity - item.returned)),
    order.discountPercent,
  );
}

export function priceShipping(order: FakeOrder): Priced {
  return price(order, parseDecimal(order.shipping), 0);
}

/** What the buyer is charged for the order as it stands, refunds left aside. */
export function totalOf(order: FakeOrder): Decimal {
  const rows = [...order.items.map((item) => priceItem(order, item)), priceShipping(order)];
  return sumDecimals(rows.map((row) => parseDecimal(row.total)));
}

function price(order: FakeOrder, listed: Decimal, discountPercent: number): Priced {
  const withTax = order.pricesIncludeTax ? listed : percentOf(listed, 100 + order.taxPercent);
  const discount = percentOf(withTax, discountPercent);
  const total = subtractDecimal(withTax, discount);
  const net = divide(multiply(total, 100n), BigInt(100 + order.taxPercent));
  return {
    originalTotal: textOf(withTax),
    total: textOf(total),
    taxTotal: textOf(order.pricesIncludeTax ? subtractDecimal(total, net) : taxOf(total, order.taxPercent)),
    discountTotal: textOf(discount),
  };
}

/** Exact where the total was made by adding the tax: what is left after division is cut to the digits it had. */
function taxOf(total: Decimal, percent: number): Decimal {
  return rescale(divide(multiply(total, BigInt(percent)), BigInt(100 + percent)), total.scale);
}

function percentOf(value: Decimal, percent: number): Decimal {
  return { units: value.units * BigInt(percent), scale: value.scale + 2 };
}

function multiply(value: Decimal, factor: bigint): Decimal {
  return { units: value.units * factor, scale: value.scale };
}

function divide(value: Decimal, divisor: bigint): Decimal {
  return { units: rescale(value, divisionScale).units / divisor, scale: divisionScale };
}
