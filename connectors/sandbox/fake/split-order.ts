import { splitMinor } from '../../../src/kernel/index.ts';
import { orderOf, ShopRefusal, type Shop } from './shop.ts';
import type { ShopDiscount, ShopLine, ShopOrder } from './state.ts';

/** Line ids by part; `first` is who is told of first. */
export type Split = { readonly groups: readonly (readonly string[])[]; readonly first?: 'parent' | 'parts' };

/**
 * What some marketplaces do by themselves: the order makes way for orders of some of its lines each. Money and the units taken
 * from stock go with the lines; nobody can send or cancel anything of the parent any more, which goes on showing what was
 * sold. Answers with the parts.
 */
export function splitOrder(shop: Shop, orderId: string, { groups, first = 'parent' }: Split): ShopOrder[] {
  const parent = orderOf(shop, orderId);
  checkSplit(parent, groups);
  const lines = groups.map((group) => parent.lines.filter((line) => group.includes(line.id)));
  const discounts = discountsByPart(parent, lines);
  const parts = lines.map((own, index) => partOf(shop, parent, index, own, discounts[index] ?? []));
  parent.splitInto = parts.map(({ id }) => id);
  for (const line of parent.lines) line.takes = [];
  const commitParent = (): void =>
    shop.commit({ by: 'channel', kind: 'split', subject: parent.id, detail: { parts: parts.length }, order: parent });
  if (first === 'parent') commitParent();
  for (const part of parts) {
    shop.commit({ by: 'channel', kind: 'placed', subject: part.id, detail: { partOf: parent.id }, order: part });
  }
  if (first === 'parts') commitParent();
  return parts;
}

function checkSplit(parent: ShopOrder, groups: Split['groups']): void {
  const wanted = groups.flat();
  const isWhole =
    groups.length > 1 &&
    groups.every((group) => group.length > 0) &&
    wanted.length === parent.lines.length &&
    parent.lines.every(({ id }) => wanted.includes(id));
  if (!isWhole) throw new ShopRefusal(422, 'bad_split', 'at least two parts, and every line in one of them');
  const isTouched =
    parent.fulfilments.length > 0 ||
    parent.refunds.length > 0 ||
    parent.lines.some(({ cancelledQuantity }) => cancelledQuantity > 0);
  if (isTouched || (parent.partOf ?? null) !== null || parent.splitInto !== undefined) {
    throw new ShopRefusal(409, 'not_splittable', 'something of it was sent, cancelled, paid back or split already');
  }
}

function partOf(
  shop: Shop,
  parent: ShopOrder,
  index: number,
  own: readonly ShopLine[],
  discounts: ShopDiscount[],
): ShopOrder {
  const ids = new Map(own.map((line) => [line.id, shop.nextId()]));
  const lines = own.map((line) => ({ ...structuredClone(line), id: ids.get(line.id) ?? '' }));
  const shipping = index === 0 ? structuredClone(parent.shipping) : null;
  const sums = [...lines, ...(shipping === null ? [] : [shipping])];
  const taxes = parent.pricesIncludeTax ? [] : sums.flatMap((each) => each.taxes);
  const totalMinor = sum(sums) + sum(taxes) - sum(discounts);
  return {
    ...structuredClone(parent),
    id: shop.nextId(),
    number: `${parent.number}-${index + 1}`,
    version: 0,
    lines,
    shipping,
    discounts: discounts.map((discount) => ({
      ...discount,
      lineId: discount.lineId === null ? null : (ids.get(discount.lineId) ?? null),
    })),
    totalMinor,
    payment: { ...parent.payment, id: shop.nextId(), amountMinor: totalMinor },
    partOf: parent.id,
  };
}

/** A line's discount goes with the line; one of the whole order is shared by amount. */
function discountsByPart(parent: ShopOrder, parts: readonly (readonly ShopLine[])[]): ShopDiscount[][] {
  const weights = parts.map((lines) => sum(lines));
  return parts.map((lines, index) =>
    parent.discounts.flatMap((discount) => {
      if (discount.lineId !== null) return lines.some(({ id }) => id === discount.lineId) ? [discount] : [];
      return [{ ...discount, amountMinor: splitMinor(discount.amountMinor, weights)[index] ?? 0 }];
    }),
  );
}

function sum(amounts: readonly { amountMinor: number }[]): number {
  return amounts.reduce((total, { amountMinor }) => total + amountMinor, 0);
}
