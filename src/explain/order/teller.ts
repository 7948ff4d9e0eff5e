import type { z } from 'zod';
import type { OrderDetail } from '../../orders/index.ts';
import type { OrderFacts } from './order-facts.ts';
import type { Told } from './told.ts';

export type Entry = OrderDetail['timeline'][number];

/** Entries of one transaction bear one time: what a document led to stands beside it. Null: the data has another shape. */
export type Teller = (facts: OrderFacts, entry: Entry, beside: readonly Entry[]) => Told | readonly Told[] | null;

/** Tells an entry whose data has this shape. */
export function teller<Data>(
  shape: z.ZodType<Data>,
  tellIt: (facts: OrderFacts, data: Data, entry: Entry, beside: readonly Entry[]) => Told | readonly Told[],
): Teller {
  return (facts, entry, beside) => {
    const parsed = shape.safeParse(entry.data);
    return parsed.success ? tellIt(facts, parsed.data, entry, beside) : null;
  };
}
