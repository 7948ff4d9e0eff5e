export { chooseLanguage, languageOf, type Language } from './choose-language.ts';
