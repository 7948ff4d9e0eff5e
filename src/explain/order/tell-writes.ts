import { point, type Point } from '../explanation.ts';
import type { ChannelWords } from '../words/data.ts';
import { tell, type Sentence } from '../words/sentences.ts';
import { wordsOf } from '../words/words-of.ts';
import type { OrderFacts, WriteFact } from './order-facts.ts';

const unnamed: ChannelWords = { code: 'unknown_code', detail: '' };

/** A refusal always has words. */
export function refusalOf(write: WriteFact): ChannelWords {
  return wordsOf(write.cause) ?? unnamed;
}

/** What the channel was told of parcels, cancels and refunds, and how each ended. */
export function tellWrites(facts: OrderFacts): Point<Sentence>[] {
  return facts.writes.flatMap((write) => {
    const sentence = write.kind === 'package' ? tellPackage(facts, write) : tellRequest(facts, write, write.kind);
    return sentence === null ? [] : [point(sentence, [], write.finishedAt ?? write.sentAt ?? write.createdAt)];
  });
}

function tellPackage({ shop }: OrderFacts, write: WriteFact): Sentence {
  const common = { parcel: write.parcel ?? 0, shop: shop.name };
  switch (write.state) {
    case 'done':
      return tell(write.wasSent ? 'story.told' : 'story.tell_later', common);
    case 'refused':
      return tell('story.tell_refused', { ...common, words: refusalOf(write) });
    case 'unknown':
      return tell('story.tell_unknown', { ...common, at: write.dueAt });
    case 'due':
    case 'sending':
      return tell('story.tell_due', { ...common, words: wordsOf(write.cause), at: write.dueAt });
  }
}

/** A refusal has an entry of its own in the timeline, and what is only due is told where the order stands. */
function tellRequest({ shop }: OrderFacts, write: WriteFact, request: 'cancel' | 'refund'): Sentence | null {
  const common = { request, shop: shop.name };
  if (write.state === 'done') return tell('story.request_done', common);
  return write.state === 'unknown' ? tell('story.request_unknown', { ...common, at: write.dueAt }) : null;
}
