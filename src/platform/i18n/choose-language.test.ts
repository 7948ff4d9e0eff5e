import { describe, expect, it } from 'vitest';
import { chooseLanguage, languageOf } from './choose-language.ts';

describe('the language of a page', () => {
  it('is the one asked for, then the one kept, then the first accepted that we speak', () => {
    const accepted = 'fr, zh-Hans-CN;q=0.8, en;q=0.4';
    expect(chooseLanguage({ asked: 'en', kept: 'zh', accepted })).toBe('en');
    expect(chooseLanguage({ asked: undefined, kept: 'en', accepted })).toBe('en');
    expect(chooseLanguage({ asked: undefined, kept: undefined, accepted })).toBe('zh');
  });

  it('goes by weight and not by place', () => {
    expect(chooseLanguage({ asked: undefined, kept: undefined, accepted: 'en;q=0.3, zh-CN;q=0.9' })).toBe('zh');
    expect(chooseLanguage({ asked: undefined, kept: undefined, accepted: 'zh;q=0, en;q=0.1' })).toBe('en');
  });

  it('is English where nothing we speak is named', () => {
    expect(chooseLanguage({ asked: 'tlh', kept: '', accepted: 'fr-FR' })).toBe('en');
    expect(chooseLanguage({ asked: undefined, kept: undefined, accepted: undefined })).toBe('en');
  });
});

it('a locale of a shell names a language as a tag does', () => {
  expect(['zh_CN.UTF-8', 'zh-TW', 'en_GB', 'C.UTF-8', ''].map(languageOf)).toEqual(['zh', 'zh', 'en', null, null]);
});
