import type { Language } from '../../platform/i18n/index.ts';
import { en } from './en.ts';
import type { Words } from './words.ts';
import { zh } from './zh.ts';

export const dictionaries: Readonly<Record<Language, Words>> = { en, zh };

export function otherThan(language: Language): Language {
  return language === 'en' ? 'zh' : 'en';
}
