import type { Tale } from '../explanation.ts';
import { tell } from '../words/sentences.ts';
import type { OrderFacts } from './order-facts.ts';
import { tellInvoices, tellReturns } from './tell-after.ts';
import { tellLines } from './tell-lines.ts';
import { tellMoney } from './tell-money.ts';
import { tellStand } from './tell-stand.ts';
import { tellStory } from './tell-story.ts';
import { tellWaits } from './tell-waits.ts';

/** The tale of one order: where it stands, what to do, what was ordered, what happened and why, what it waits for, money. */
export function tellOrder(facts: OrderFacts): Tale {
  const { order, shop } = facts;
  const waits = tellWaits(facts);
  return {
    title: tell('order.title', {
      number: order.number,
      externalNumber: order.externalNumber,
      shop: shop.name,
      total: { minor: order.totalMinor, currency: order.currency },
    }),
    ...tellStand(facts),
    sections: [
      tellLines(facts),
      tellStory(facts),
      waits,
      tellReturns(facts),
      tellMoney(facts),
      tellInvoices(facts),
    ].filter((section) => section !== null),
  };
}
