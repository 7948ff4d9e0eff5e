import type { Language } from '../platform/i18n/index.ts';
import { enGrammar } from './words/en/grammar.ts';
import { en } from './words/en/index.ts';
import type { Sentence, SentenceCode, SentenceData, Words } from './words/sentences.ts';
import { speechOf, type Grammar, type Speech } from './words/speech.ts';
import { zhGrammar } from './words/zh/grammar.ts';
import { zh } from './words/zh/index.ts';

/** A sentence, when it came true (null where that means nothing), and what it is made of or why it is so. */
export type Point<Said> = {
  readonly at: Date | null;
  readonly sentence: Said;
  readonly details: readonly Said[];
};

export type Section<Said> = { readonly heading: Said; readonly points: readonly Point<Said>[] };

/** Codes and data, in the order in which they are read: title, where it stands, what to do, and then why. */
export type Tale<Said = Sentence> = {
  readonly title: Said;
  readonly stand: Section<Said>;
  readonly next: Section<Said>;
  readonly sections: readonly Section<Said>[];
};

export type SaidSentence = Sentence & { readonly text: string };

export type Explanation = Tale<SaidSentence> & {
  readonly language: Language;
  /** The zone of the times in the texts. Times in data are instants. */
  readonly timeZone: string;
};

const voices: Readonly<Record<Language, { readonly words: Words; readonly grammar: Grammar }>> = {
  en: { words: en, grammar: enGrammar },
  zh: { words: zh, grammar: zhGrammar },
};

/** Puts a tale into words. */
export function sayTale(tale: Tale, language: Language, timeZone: string): Explanation {
  const { words, grammar } = voices[language];
  const say = speechOf(grammar, timeZone);
  const said = (sentence: Sentence): SaidSentence => ({ ...sentence, text: sayOne(sentence, words, say) });
  const section = ({ heading, points }: Section<Sentence>): Section<SaidSentence> => ({
    heading: said(heading),
    points: points.map(({ at, sentence, details }) => ({ at, sentence: said(sentence), details: details.map(said) })),
  });
  return {
    language,
    timeZone,
    title: said(tale.title),
    stand: section(tale.stand),
    next: section(tale.next),
    sections: tale.sections.map(section),
  };
}

/** A sentence without a time of its own. */
export function point(sentence: Sentence, details: readonly Sentence[] = [], at: Date | null = null): Point<Sentence> {
  return { at, sentence, details };
}

function sayOne<Code extends SentenceCode>(
  sentence: { readonly code: Code; readonly data: SentenceData[Code] },
  words: Words,
  say: Speech,
): string {
  return say.set(words[sentence.code](sentence.data, say));
}

/** The days and times of an explanation's points, as its language writes them. */
export function speechIn(language: Language, timeZone: string): Speech {
  return speechOf(voices[language].grammar, timeZone);
}
