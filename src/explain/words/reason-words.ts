import type { StateWords } from './state-words.ts';

/** A reason of the planner with codes in place of ids. */
export type NamedReason = {
  readonly warehouse: string;
  readonly code: 'serves_all' | 'serves_part' | 'has_none' | 'has_less' | 'not_needed';
  readonly lacks: readonly { readonly sku: string; readonly wanted: number; readonly free: number }[];
};

/** Why each warehouse does or does not ship, in plain words, the chosen ones first. */
export function sayReasons(reasons: readonly NamedReason[], words: StateWords): string {
  const isChosen = (reason: NamedReason): boolean => reason.code === 'serves_all' || reason.code === 'serves_part';
  return [...reasons.filter(isChosen), ...reasons.filter((reason) => !isChosen(reason))]
    .map((reason) => sayReason(reason, words))
    .join(words.sentenceGap);
}

function sayReason({ warehouse, code, lacks }: NamedReason, words: StateWords): string {
  const lacking = lacks.map(({ sku, free, wanted }) => words.lack(sku, free, wanted)).join(words.listComma);
  switch (code) {
    case 'serves_all':
      return words.chosenAll(warehouse);
    case 'serves_part':
      return words.chosenPart(warehouse, lacking);
    case 'has_none':
      return words.rejectedNone(warehouse);
    case 'has_less':
      return words.rejectedLess(warehouse, lacking);
    case 'not_needed':
      return words.rejectedSpare(warehouse);
  }
}
