import type { AfterSentences } from './after-sentences.ts';
import type { ListingSentences } from './listing-sentences.ts';
import type { GoodsSentences } from './goods-sentences.ts';
import type { StandSentences } from './stand-sentences.ts';
import type { StorySentences } from './story-sentences.ts';
import type { Speech } from './speech.ts';

/** Every sentence that explanations know: its code, and what is said in it. Both are stable; the text is not. */
export type SentenceData = StandSentences & StorySentences & GoodsSentences & ListingSentences & AfterSentences;

export type SentenceCode = keyof SentenceData;

export type Sentence = {
  readonly [Code in SentenceCode]: { readonly code: Code; readonly data: SentenceData[Code] };
}[SentenceCode];

/** One language's words of a group of sentences: one without words does not compile. */
export type WordsOf<Group> = { readonly [Code in keyof Group]: (data: Group[Code], say: Speech) => string };

export type Words = WordsOf<SentenceData>;

/** A sentence by its code. */
export function tell<Code extends SentenceCode>(code: Code, data: SentenceData[Code]): Sentence {
  return { code, data } as Sentence;
}
