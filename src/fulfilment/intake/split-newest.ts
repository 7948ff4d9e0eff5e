import type { OrderDocument } from '../../orders/index.ts';
import { compareAge } from './judge-document.ts';

/** The newest document of each order, in the order they came, and the rest, which are not worth applying. */
export function splitNewest(documents: readonly OrderDocument[]): {
  newest: OrderDocument[];
  outdated: OrderDocument[];
} {
  const newest = new Map<string, OrderDocument>();
  const outdated: OrderDocument[] = [];
  for (const document of documents) {
    const { externalId } = document.order;
    const held = newest.get(externalId);
    if (held === undefined) newest.set(externalId, document);
    else if (compareAge(document, held) > 0) {
      outdated.push(held);
      newest.set(externalId, document);
    } else outdated.push(document);
  }
  return { newest: [...newest.values()], outdated };
}
