import fc from 'fast-check';
import { parse } from 'lossless-json';
import { expect, test } from 'vitest';
import { canonicalJson, canonicalRow, type SealableRow } from './canonical-row.ts';

const row: SealableRow = {
  id: '0190a0a0-0000-7000-8000-000000000001',
  at: new Date('2026-11-01T10:00:00.123Z'),
  actorKind: 'token',
  actorId: 't1',
  action: 'stock.adjusted',
  subjectKind: 'sku',
  subjectId: null,
  dataText: '{"b": 1.50, "a": [true, null, "ü\\u00fc"], "id": 12345678901234567890}',
  requestId: 'r1',
};

/** Any JSON in any key order, written with any spaces. */
function scrambled(value: unknown): string {
  if (Array.isArray(value)) return `[ ${value.map(scrambled).join(' , ')} ]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).toReversed();
  return `{\n${entries.map(([key, field]) => `${JSON.stringify(key)} :  ${scrambled(field)}`).join(',')} }`;
}

test('a row is one text: keys in byte order, the digits of numbers kept, the instant in milliseconds', () => {
  expect(canonicalRow(row)).toBe(
    '[1,"0190a0a0-0000-7000-8000-000000000001","2026-11-01T10:00:00.123Z","token","t1","stock.adjusted","sku",null,' +
      '{"a":[true,null,"üü"],"b":1.50,"id":12345678901234567890},"r1"]',
  );
});

test('keys sort by the bytes of UTF-8, not by UTF-16 units', () => {
  expect(canonicalJson({ '\u{1f600}': 1, '\uff5e': 2, z: 3 })).toBe('{"z":3,"\uff5e":2,"\u{1f600}":1}');
});

test('spaces and the order of keys do not matter', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonicalJson(parse(scrambled(value)))).toBe(canonicalJson(parse(JSON.stringify(value))));
    }),
  );
});

test('two different values never have one text', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const same = canonicalJson(parse(JSON.stringify(a))) === canonicalJson(parse(JSON.stringify(b)));
      expect(same).toBe(isDeepEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))));
    }),
  );
});

test('every field of a row is covered', () => {
  const others: Partial<SealableRow>[] = [
    { id: '0190a0a0-0000-7000-8000-000000000002' },
    { at: new Date('2026-11-01T10:00:00.124Z') },
    { actorKind: 'system' },
    { actorId: 't2' },
    { action: 'stock.counted' },
    { subjectKind: 'shop' },
    { subjectId: 's1' },
    { dataText: row.dataText.replace('1.50', '1.51') },
    { requestId: null },
  ];
  expect(Object.keys(row)).toHaveLength(others.length);
  const texts = new Set([row, ...others.map((other) => ({ ...row, ...other }))].map(canonicalRow));
  expect(texts.size).toBe(others.length + 1);
});

function isDeepEqual(a: unknown, b: unknown): boolean {
  try {
    expect(a).toStrictEqual(b);
    return true;
  } catch {
    return false;
  }
}
