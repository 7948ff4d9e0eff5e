import { describe, expect, it } from 'vitest';
import { chooseLanguage } from './choose-language.ts';
import { en } from './en.ts';
import { sayReasons, type NamedReason } from './reason-words.ts';
import { sayWhen } from './say-when.ts';
import { zh } from './zh.ts';

describe('the language of the console', () => {
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

describe('the dictionaries', () => {
  it('have the same keys in the same order', () => {
    expect(Object.keys(zh)).toEqual(Object.keys(en));
  });

  it('name the sections as people search for them', () => {
    expect([en.orders, en.stock, en.lanes, en.health]).toEqual(['Orders', 'Stock', 'Lanes', 'Health']);
    expect([zh.orders, zh.stock, zh.lanes, zh.health]).toEqual(['订单', '库存', '通道任务', '健康']);
  });
});

describe('times', () => {
  const now = new Date('2026-11-21T12:00:00Z');
  const at = (ms: number): Date => new Date(now.getTime() + ms);

  it('are told in the largest whole unit, back and ahead', () => {
    expect(sayWhen(at(-3_000), now, en)).toBe('3 s ago');
    expect(sayWhen(at(-119_000), now, en)).toBe('1 min ago');
    expect(sayWhen(at(-7_200_000), now, zh)).toBe('2 小时前');
    expect(sayWhen(at(30_000), now, en)).toBe('in 30 s');
    expect(sayWhen(at(61_000), now, zh)).toBe('2 分钟后');
    expect(sayWhen(now, now, zh)).toBe('刚刚');
  });
});

describe('reasons for a warehouse', () => {
  const reasons: NamedReason[] = [
    { warehouse: 'HILLSIDE', code: 'has_less', lacks: [{ sku: 'MUG', wanted: 3, free: 1 }] },
    { warehouse: 'DEPOT', code: 'has_none', lacks: [{ sku: 'MUG', wanted: 3, free: 0 }] },
    { warehouse: 'HARBOUR', code: 'serves_all', lacks: [] },
    { warehouse: 'SPARE', code: 'not_needed', lacks: [] },
  ];

  it('are told in plain words, the chosen warehouse first', () => {
    expect(sayReasons(reasons, en)).toBe(
      'HARBOUR has everything and was chosen. HILLSIDE has less (MUG: 1 of 3). DEPOT has none of it. SPARE was not needed.',
    );
    expect(sayReasons(reasons, zh)).toBe(
      '选中 HARBOUR：货品齐全。HILLSIDE：库存不足（MUG 需 3 有 1）。DEPOT：无货。SPARE：无需动用。',
    );
  });

  it('say what a warehouse lacks that ships a part', () => {
    const part: NamedReason = {
      warehouse: 'HARBOUR',
      code: 'serves_part',
      lacks: [{ sku: 'TEA', wanted: 2, free: 0 }],
    };
    expect(sayReasons([part], en)).toBe('HARBOUR was chosen for what it has (TEA: 0 of 2).');
  });
});
