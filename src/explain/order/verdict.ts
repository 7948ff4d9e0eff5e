import type { Sentence } from '../words/sentences.ts';

/** One thing that is true of the order now, and what would make it go on. */
export type Verdict = { readonly stand: Sentence; readonly next: readonly Sentence[] };

export function verdict(stand: Sentence, ...next: Sentence[]): Verdict {
  return { stand, next };
}
