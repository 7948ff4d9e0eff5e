import type { Sentence } from '../words/sentences.ts';

/** One entry of the story, and what is said below it. */
export type Told = { readonly sentence: Sentence; readonly details: readonly Sentence[] };

export function told(sentence: Sentence, ...details: Sentence[]): Told {
  return { sentence, details };
}
