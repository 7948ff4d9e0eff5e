import { groupBy } from '../../kernel/index.ts';
import { point, type Point, type Section } from '../explanation.ts';
import { tell, type Sentence } from '../words/sentences.ts';
import type { DocumentFact, OrderFacts } from './order-facts.ts';
import { tellEntry } from './tell-entry.ts';
import { tellWrites } from './tell-writes.ts';

const reasons = { superseded: 'older', parked: 'unreadable', pending: 'waiting' } as const;

/** What happened, in the order of time: the timeline, and what the channel sent and was told. */
export function tellStory(facts: OrderFacts): Section<Sentence> {
  const { order, documents } = facts;
  const byTime = groupBy(order.timeline, (entry) => entry.at.getTime());
  const points: Point<Sentence>[] = [
    point(tell('story.placed', { shop: facts.shop.name }), [], order.placedAt),
    ...order.timeline.flatMap((entry) => {
      const beside = byTime.get(entry.at.getTime()) ?? [];
      return tellEntry(facts, entry, beside).map(({ sentence, details }) => point(sentence, details, entry.at));
    }),
    ...tellWrites(facts),
    ...documents.flatMap((document) => tellSetAside(facts, document)),
  ];
  return {
    heading: tell('heading.story', { zone: facts.timeZone }),
    points: points.toSorted((a, b) => timeOf(a) - timeOf(b)),
  };
}

function timeOf({ at }: Point<Sentence>): number {
  return at?.getTime() ?? 0;
}

/** Documents that changed nothing because they were old, could not be used, or are still waiting. */
function tellSetAside({ shop }: OrderFacts, document: DocumentFact): Point<Sentence>[] {
  if (document.state === 'applied') return [];
  const reason = reasons[document.state];
  return [
    point(tell('story.set_aside', { source: document.source, shop: shop.name, reason }), [], document.receivedAt),
  ];
}
