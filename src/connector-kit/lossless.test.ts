import * as fc from 'fast-check';
import { parse } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { parseLossless, stringifyLossless } from './index.ts';

/** The way without the engine's parser, which the fast one must never differ from. */
function slowly(text: string): unknown {
  return parse(text, undefined, { parseNumber: (found) => (/^-?\d{1,15}$/.test(found) ? Number(found) : found) });
}

type Outcome = { readonly value: unknown } | 'refused';

function outcome(read: (text: string) => unknown, text: string): Outcome {
  try {
    return { value: read(text) };
  } catch (error) {
    expect(error).toBeInstanceOf(SyntaxError);
    return 'refused';
  }
}

describe('JSON without loss', () => {
  it('keeps as text every number that JS would round or write in another way', () => {
    expect(parseLossless('[1, -0, 123456789012345, 1234567890123456, 24.990, 1e3, 90000000000000000001]')).toEqual([
      1,
      -0,
      123_456_789_012_345,
      '1234567890123456',
      '24.990',
      '1e3',
      '90000000000000000001',
    ]);
    expect(parseLossless(String.raw`{"1.5": "2.5, \"3.5\" \\", "a": 4.5}`)).toEqual({
      '1.5': String.raw`2.5, "3.5" \ `.trim(),
      a: '4.5',
    });
  });

  it('refuses a key that stands twice with two values, whatever stands around it', () => {
    expect(() => parseLossless('{"id": 1.5, "id": 2.5}')).toThrow(SyntaxError);
    expect(() => parseLossless('[{"a": {"id": 1, "b": [], "id": 2}}]')).toThrow(SyntaxError);
    expect(() => parseLossless(String.raw`{"id": 1, "i\u0064": 2}`)).toThrow(SyntaxError);
    expect(parseLossless('{"id": 1, "id": 1}')).toEqual({ id: 1 });
  });

  it('takes no text for JSON that was none before its numbers were put in quotes', () => {
    for (const text of ['{1.5: 2}', String.raw`["a\1.5]`, '["a 1.5]', '[1.5.2]', '[01.5]', '[1.]', '[-]', '1.5"', '']) {
      expect([text, outcome(parseLossless, text)]).toEqual([text, 'refused']);
    }
  });

  it('reads and refuses as the slow way does: any JSON, and any JSON with a piece broken', () => {
    const number = fc.oneof(
      fc.integer().map(String),
      fc.bigInt().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.constantFrom('-0', '1.10', '0.00', '1E5', '-2e-7', '99999999999999999999'),
    );
    const value = fc.jsonValue().chain((shape) =>
      fc.array(number, { maxLength: 6 }).map((numbers) => {
        const rest = [...numbers];
        return JSON.stringify(shape, (_key, item: unknown) => (typeof item === 'number' ? '#' : item), 1).replaceAll(
          '"#"',
          () => rest.pop() ?? '7',
        );
      }),
    );
    const cut = fc.constantFrom('', '"', '\\', '{', '}', ',', ':', '1.5', '"a":1,', '\n');
    const text = fc.tuple(value, fc.nat(400), fc.nat(3), cut).map(([whole, at, length, piece]) => {
      const from = at % (whole.length + 1);
      return at < 100 ? whole : whole.slice(0, from) + piece + whole.slice(from + length);
    });
    fc.assert(
      fc.property(text, (one) => {
        expect(outcome(parseLossless, one)).toEqual(outcome(slowly, one));
      }),
      { numRuns: 1_000 },
    );
  });

  it('writes what it read', () => {
    const text = String.raw`{"id":1,"amount":"24.990","list":[true,null,"é\"\n"]}`;
    expect(stringifyLossless(parseLossless(text))).toBe(text);
    expect(() => stringifyLossless(undefined)).toThrow(TypeError);
  });
});
