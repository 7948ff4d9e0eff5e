import { describe, expect, it } from 'vitest';
import { sayReasons, type NamedReason } from './reason-words.ts';
import { stateWordsEn as en } from './state-words-en.ts';
import { stateWordsZh as zh } from './state-words-zh.ts';

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
