import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnvelope, readEnvelope } from './envelope.ts';
import { scanJson } from './scan-json.ts';

/** What the two ways make of a text: the same, whatever it is. */
const both = (text: string): [unknown, unknown] => [outcomeOf(readEnvelope, text), outcomeOf(parseEnvelope, text)];

function outcomeOf(read: typeof readEnvelope, text: string): unknown {
  try {
    return read(text, 'order');
  } catch {
    return 'unreadable';
  }
}

const numbers = fc.constantFrom(
  '0',
  '-0',
  '7',
  '-12',
  '90000000001000000038',
  '1.50',
  '1e5',
  '-3.25E-7',
  '123456789012345',
);
const badTokens = fc.constantFrom(
  '01',
  '+1',
  '.5',
  '1.',
  'tru',
  'NaN',
  "'a'",
  '',
  ',',
  '{',
  '}',
  '[',
  ']',
  '"',
  ' ',
  '\n',
  '"\u0001"',
  ':',
);
const strings = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('亚麻', '\\', '"'),
);
const keys = fc.oneof(fc.constantFrom('order', 'id', 'version', 'a', '7', '__proto__', 'constructor', ''), strings);

/** Documents as text, some of them not JSON: what stands between the tokens is decided here. */
const { value } = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    { weight: 4, arbitrary: numbers },
    { weight: 4, arbitrary: strings.map((text) => JSON.stringify(text)) },
    { weight: 2, arbitrary: fc.constantFrom('null', 'true', 'false') },
    { weight: 1, arbitrary: badTokens },
    { weight: 3, arbitrary: tie('object') },
    { weight: 2, arbitrary: tie('array') },
  ),
  object: fc
    .array(fc.tuple(keys, tie('value')), { maxLength: 4 })
    .map((members) => `{${members.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`),
  array: fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
}));
const envelope = fc
  .tuple(value, value, fc.array(fc.tuple(keys, value), { maxLength: 3 }))
  .map(
    ([id, order, more]) =>
      `{"id":${id},"order":${order}${more.map(([key, text]) => `,${JSON.stringify(key)}:${text}`).join('')}}`,
  );

describe('an envelope', () => {
  it('is the same by one pass as by its whole value, whatever is in it, JSON or not', () => {
    const property = fc.property(fc.oneof(envelope, value), (text) => {
      const [scanned, parsed] = both(text);
      expect(scanned).toEqual(parsed);
    });
    fc.assert(property, { numRuns: 3_000 });
  });

  it('is the same after any byte of a real one was changed', () => {
    const property = fc.property(fc.nat(real.length - 1), fc.constantFrom(...'{}[]",:0-9e. \\x\u0000'), (at, sign) => {
      const [scanned, parsed] = both(real.slice(0, at) + sign + real.slice(at + 1));
      expect(scanned).toEqual(parsed);
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  it('of a real webhook is read in one pass, with big ids and decimals as their own text', () => {
    expect(scanJson(real, 'order')).toEqual({
      scalars: { id: 'evt_1', event: 'order.created' },
      document: {
        scalars: {
          id: '90000000001000000038',
          version: 1,
          total: '233.70',
          title: '亚麻衬衫',
          gift: false,
          note: null,
        },
        text: '{"id":"90000000001000000038","version":1,"total":"233.70","title":"亚麻衬衫","gift":false,"note":null,"lines":[{"id":"90000000001000000036","taxes":[]}],"ship_to":{}}',
      },
    });
  });

  it('takes the long way where it is written otherwise, or nested too deeply, to the same end', () => {
    const nested = `{"order":{"a":${'['.repeat(200)}${']'.repeat(200)}}}`;
    for (const text of ['{"order": {"id": 1}}', '{"order":{"id":"\\u4e9a"}}', '{"order":{"2":1,"1":2}}', nested]) {
      expect(scanJson(text, 'order')).toBeNull();
      const [read, parsed] = both(text);
      expect(read).toEqual(parsed);
      expect(read).not.toBe('unreadable');
    }
  });

  it.each(['', '[]', '"order"', '{"order":{}}}', '{"order":{},"order":{"id":1}}', '{"order":{"id":1,"id":2}}'])(
    'that is none (%s) is refused',
    (text) => expect(() => readEnvelope(text, 'order')).toThrow(),
  );

  it('without a document says so', () => {
    for (const order of ['null', '[]', '"text"', '12.50']) {
      expect(readEnvelope(`{"id":1,"order":${order}}`, 'order').document).toBeNull();
    }
    expect(readEnvelope('{"id":1}', 'order').document).toBeNull();
  });
});

const real =
  '{"id":"evt_1","event":"order.created","order":{"id":90000000001000000038,"version":1,"total":233.70,"title":"亚麻衬衫",' +
  '"gift":false,"note":null,"lines":[{"id":90000000001000000036,"taxes":[]}],"ship_to":{}}}';
