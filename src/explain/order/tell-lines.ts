import { point, type Point, type Section } from '../explanation.ts';
import type { LineDetail } from '../../orders/index.ts';
import { nothing } from '../words/data.ts';
import { tell, type Sentence } from '../words/sentences.ts';
import type { OrderFacts } from './order-facts.ts';

/** What was sold, and which SKUs that is. */
export function tellLines(facts: OrderFacts): Section<Sentence> {
  return { heading: tell('heading.lines', nothing), points: facts.order.lines.map((line) => tellLine(facts, line)) };
}

function tellLine({ shop }: OrderFacts, line: LineDetail): Point<Sentence> {
  const { title, quantity, listingExternalId: listing, skuCode: sku, parts } = line;
  if (line.fulfilledBy === 'channel') return point(tell('line.channel', { title, quantity, shop: shop.name }));
  if (parts.length === 0) return point(tell('line.unmapped', { title, quantity, listing, sku }));
  return point(
    tell('line.mapped', {
      title,
      quantity,
      cancelled: line.cancelledQuantity,
      parts: parts.map(({ skuCode, unitsPerLine }) => ({
        sku: skuCode,
        unitsPerLine,
        quantity: quantity * unitsPerLine,
      })),
    }),
  );
}
