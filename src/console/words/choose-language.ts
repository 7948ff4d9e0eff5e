import { en } from './en.ts';
import type { Words } from './words.ts';
import { zh } from './zh.ts';

export type Language = 'en' | 'zh';

export const dictionaries: Readonly<Record<Language, Words>> = { en, zh };

export function otherThan(language: Language): Language {
  return language === 'en' ? 'zh' : 'en';
}

/** The language asked for by `?lang=`, else the one kept in the cookie, else the first of Accept-Language that we speak. */
export function chooseLanguage(from: {
  readonly asked: string | undefined;
  readonly kept: string | undefined;
  readonly accepted: string | undefined;
}): Language {
  return languageOf(from.asked) ?? languageOf(from.kept) ?? firstAccepted(from.accepted ?? '') ?? 'en';
}

export function languageOf(tag: string | undefined): Language | null {
  const primary = tag?.trim().toLowerCase().split('-')[0];
  return primary === 'en' || primary === 'zh' ? primary : null;
}

/** RFC 9110: a tag without `q` weighs 1, `q=0` is refused; equal weights go in the order given. */
function firstAccepted(header: string): Language | null {
  const ranked = header
    .split(',', 20)
    .map((part) => {
      const [tag, ...parameters] = part.split(';');
      const weight = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/i.exec(parameter)?.[1]).find(Boolean);
      return { language: languageOf(tag), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  return ranked.find(({ language }) => language !== null)?.language ?? null;
}
