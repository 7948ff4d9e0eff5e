import { divideHalfUp, splitMinor } from '../../../src/kernel/index.ts';
import type { ShopDiscount, ShopLine, ShopOrder, ShopTax } from './state.ts';

const wholeBasisPoints = 10_000n;

/**
 * Tax of each line and of shipping on what is left of it after discounts (a discount of the whole order is spread over the
 * lines by amount), rounded per line; and the total the buyer pays.
 */
export function priceOrder(
  order: Pick<ShopOrder, 'lines' | 'shipping' | 'discounts' | 'pricesIncludeTax'>,
  tax: { title: string; rateBasisPoints: number } | null,
): number {
  const reductions = discountByLine(order.lines, order.discounts);
  order.lines.forEach((line, index) => {
    line.taxes = taxOf(line.amountMinor - (reductions[index] ?? 0), order.pricesIncludeTax, tax);
  });
  if (order.shipping !== null) order.shipping.taxes = taxOf(order.shipping.amountMinor, order.pricesIncludeTax, tax);
  const parts = [...order.lines, ...(order.shipping === null ? [] : [order.shipping])];
  const taxes = order.pricesIncludeTax ? [] : parts.flatMap((part) => part.taxes);
  return sum(parts) + sum(taxes) - sum(order.discounts);
}

function discountByLine(lines: readonly ShopLine[], discounts: readonly ShopDiscount[]): number[] {
  const reductions = lines.map((line) => sum(discounts.filter(({ lineId }) => lineId === line.id)));
  const shared = sum(discounts.filter(({ lineId }) => lineId === null));
  const shares = splitMinor(
    shared,
    lines.map((line) => line.amountMinor),
  );
  return reductions.map((reduction, index) => reduction + (shares[index] ?? 0));
}

function taxOf(
  baseMinor: number,
  isIncluded: boolean,
  tax: { title: string; rateBasisPoints: number } | null,
): ShopTax[] {
  if (tax === null) return [];
  const rate = BigInt(tax.rateBasisPoints);
  const divisor = isIncluded ? wholeBasisPoints + rate : wholeBasisPoints;
  return [{ ...tax, amountMinor: Number(divideHalfUp(BigInt(baseMinor) * rate, divisor)) }];
}

function sum(amounts: readonly { amountMinor: number }[]): number {
  return amounts.reduce((total, { amountMinor }) => total + amountMinor, 0);
}
