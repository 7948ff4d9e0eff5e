import type { Money } from '../../kernel/index.ts';
import { point, type Section } from '../explanation.ts';
import { nothing } from '../words/data.ts';
import { tell, type Sentence } from '../words/sentences.ts';
import type { OrderFacts } from './order-facts.ts';

/** The total equation (DESIGN §4), each term that is not nothing, and what came of it. */
export function tellMoney({ order, shop }: OrderFacts): Section<Sentence> {
  const { currency } = order;
  const of = (minor: number): Money => ({ minor, currency });
  const unlessNothing = (minor: number, sentence: Sentence): Sentence[] => (minor === 0 ? [] : [sentence]);
  const tax = order.pricesIncludeTax ? 0 : order.taxMinor;
  const platform = order.receivableMinor - order.totalMinor;
  const sentences = [
    tell('money.lines', { amount: of(order.linesMinor) }),
    ...unlessNothing(order.shippingMinor, tell('money.shipping', { amount: of(order.shippingMinor) })),
    ...unlessNothing(tax, tell('money.tax_added', { amount: of(tax) })),
    ...unlessNothing(order.discountMinor, tell('money.discounts', { amount: of(order.discountMinor) })),
    ...unlessNothing(order.residualMinor, tell('money.residual', { amount: of(order.residualMinor) })),
    tell('money.total', { amount: of(order.totalMinor), shop: shop.name }),
    ...(order.chargedTotal === null ? [] : [tell('money.exact', { exact: order.chargedTotal, currency })]),
    ...(order.pricesIncludeTax
      ? unlessNothing(order.taxMinor, tell('money.tax_included', { amount: of(order.taxMinor) }))
      : []),
    ...unlessNothing(platform, tell('money.receivable', { amount: of(order.receivableMinor), platform: of(platform) })),
    ...unlessNothing(order.buyerPaidMinor, tell('money.paid', { amount: of(order.buyerPaidMinor) })),
    ...unlessNothing(order.refundedMinor, tell('money.refunded', { amount: of(order.refundedMinor) })),
  ];
  return { heading: tell('heading.money', nothing), points: sentences.map((sentence) => point(sentence)) };
}
