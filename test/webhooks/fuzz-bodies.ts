import { createHash } from 'node:crypto';
import type { Dice } from './mutation-parts.ts';

type Fuzz = (body: Buffer, dice: Dice) => Uint8Array;

const deepest = 60_000;
/** Just under the door's limit, and just above. */
const bodyBytesMax = 2_000_000;

/** Values that are wrong nearly everywhere; as JSON text, since some cannot be written otherwise. */
const strangeValues: readonly string[] = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '1.5',
  '1e999',
  '-1e400',
  '1e-400',
  '0.1e308',
  '12345678901234567890123',
  '9007199254740993',
  '[]',
  '{}',
  '[[]]',
  '""',
  '" "',
  '"\\u0000"',
  '"a\\u0000b"',
  '"\\ud800"',
  '"\\udfff x"',
  '"🛒🏴‍☠️"',
  '"\\u202eetirw"',
  '"wharf_never_heard"',
  '"9999-99-99T99:99:99Z"',
  '"2026-02-30T00:00:00Z"',
  '"-0001-01-01T00:00:00Z"',
  '"NaN"',
  '"1e5"',
  '"-5"',
  '"00012"',
  '"../../etc/passwd"',
  '"=1+1"',
  '"\'; drop table orders; --"',
  '"<script>"',
  '{"__proto__":{"x":1}}',
  '{"toString":1}',
  '[null]',
  '[{}]',
  `"${'x'.repeat(300)}"`,
  `"${'长'.repeat(20_000)}"`,
  // Nothing makes it shorter: an index that takes it as it comes has no room for it.
  `"${incompressible(9_000)}"`,
  `[${'1,'.repeat(3_000)}1]`,
];

function incompressible(length: number): string {
  const blocks = Array.from({ length: Math.ceil(length / 44) }, (_, index) =>
    createHash('sha256').update(String(index)).digest('base64'),
  );
  return blocks.join('').slice(0, length);
}

const text = (change: (text: string, dice: Dice) => string): Fuzz => {
  return (body, dice) => Buffer.from(change(body.toString('utf8'), dice));
};

/** Changes the document somewhere; numbers of 20 digits are kept by standing as text while it is changed. */
const document =
  (change: (text: string, places: readonly Place[], dice: Dice) => string): Fuzz =>
  (body, dice) => {
    const source = body.toString('utf8');
    return Buffer.from(change(source, placesOf(source), dice));
  };

/** Where a value stands in a JSON text: its first byte and the one behind it, and where its key begins, if it has one. */
type Place = { readonly from: number; readonly to: number; readonly keyFrom: number | null };

/** Every value of a well-formed JSON text, without parsing it: tokens, and a stack of where containers began. */
function placesOf(source: string): Place[] {
  const places: Place[] = [];
  const open: { from: number; keyFrom: number | null }[] = [];
  let keyFrom: number | null = null;
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;
  for (let match = tokens.exec(source); match !== null; match = tokens.exec(source)) {
    const [token] = match;
    const from = match.index;
    if (token === '{' || token === '[') {
      open.push({ from, keyFrom });
      keyFrom = null;
    } else if (token === '}' || token === ']') {
      const begun = open.pop();
      if (begun !== undefined) places.push({ ...begun, to: tokens.lastIndex });
    } else if (token !== ',' && token !== ':') {
      if (/^\s*:/.test(source.slice(tokens.lastIndex))) keyFrom = from;
      else {
        places.push({ from, to: tokens.lastIndex, keyFrom });
        keyFrom = null;
      }
    }
  }
  return places;
}

const pick = <Item>(items: readonly Item[], at: number): Item | null => items[at % Math.max(1, items.length)] ?? null;

function replaced(source: string, place: Place | null, value: string): string {
  return place === null ? source : source.slice(0, place.from) + value + source.slice(place.to);
}

export const fuzzes: Readonly<Record<string, Fuzz>> = {
  'as it was': (body) => body,
  'a wrong value': document((source, places, { a, b }) =>
    replaced(source, pick(places, a), pick(strangeValues, b) ?? ''),
  ),
  'a wrong id, version or time': document((source, places, { a, b }) => {
    const heads = places.filter(
      ({ keyFrom, from }) =>
        keyFrom !== null && /^"(\w*id|version|timestamp|\w*_at)"/i.test(source.slice(keyFrom, from)),
    );
    return replaced(source, pick(heads, a), pick(strangeValues, b) ?? '');
  }),
  'two wrong values': document((source, places, { a, b }) => {
    const once = replaced(source, pick(places, a), pick(strangeValues, b) ?? '');
    return replaced(once, pick(placesOf(once), b), pick(strangeValues, a) ?? '');
  }),
  'an unknown word': document((source, places, { a }) => {
    const strings = places.filter(({ from }) => source[from] === '"');
    return replaced(source, pick(strings, a), `"wharf_never_heard_${a % 9}"`);
  }),
  'a value left away': document((source, places, { a }) => {
    const place = pick(
      places.filter(({ keyFrom }) => keyFrom !== null),
      a,
    );
    if (place === null || place.keyFrom === null) return source;
    const head = source.slice(0, place.keyFrom);
    const tail = source.slice(place.to);
    return tail.trimStart().startsWith(',')
      ? head + tail.trimStart().slice(1)
      : head.trimEnd().replace(/,$/, '') + tail;
  }),
  'a key twice': document((source, places, { a, b }) => {
    const place = pick(
      places.filter(({ keyFrom }) => keyFrom !== null),
      a,
    );
    if (place === null || place.keyFrom === null) return source;
    const key = source.slice(place.keyFrom, place.from);
    return `${source.slice(0, place.to)},${key}${pick(strangeValues, b) ?? ''}${source.slice(place.to)}`;
  }),
  'a key of the prototype': document((source, _, { a, b }) => {
    const key = pick(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', ''], a) ?? '';
    return source.replace(/\{/g, (brace, at: number) => (at === 0 || b % 2 === 0 ? `{"${key}":{"id":"1"},` : brace));
  }),
  'cut off': (body, { a }) => body.subarray(0, a % Math.max(1, body.length)),
  'an odd byte': (body, { a, b }) => {
    const copy = Buffer.from(body);
    copy[a % copy.length] = b % 256;
    return copy;
  },
  'random bytes': (_, { bytes }) => bytes,
  'no bytes': () => new Uint8Array(),
  'no JSON': text(
    (_, { a }) => pick(['null', '1', '"text"', '[]', '{}', 'true', '   ', 'undefined', '<xml/>', 'a=1&b=2'], a) ?? '',
  ),
  'behind a BOM': (body) => Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), body]),
  'in UTF-16': (body) => Buffer.from(body.toString('utf8'), 'utf16le'),
  // 你好 in GBK, which is no UTF-8.
  'in GBK': (body) =>
    Buffer.concat([
      body.subarray(0, -1),
      Buffer.from(',"备":"', 'utf8'),
      Buffer.of(0xc4, 0xe3, 0xba, 0xc3),
      Buffer.from('"}'),
    ]),
  'very deep': (_, { a }) => Buffer.from('['.repeat(1_000 + (a % deepest))),
  'very deep and closed': (_, { a }) => {
    const depth = 1_000 + (a % deepest);
    return Buffer.from(`{"event":"order.updated","order":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`);
  },
  'deep within the document': document((source, places, { a, b }) => {
    const depth = 500 + (b % 5_000);
    return replaced(source, pick(places, a), `${'['.repeat(depth)}${']'.repeat(depth)}`);
  }),
  'with other spaces': text((source) => source.replaceAll(/([:,])/g, '$1 \t\r\n ')),
  'nearly too long': (body, { a }) => padded(body, bodyBytesMax - (a % 3)),
  'too long': (body, { a }) => padded(body, bodyBytesMax + 1 + (a % 3)),
};

/** White space behind a document means nothing. */
function padded(body: Buffer, length: number): Buffer {
  return Buffer.concat([body, Buffer.alloc(Math.max(0, length - body.length), ' ')]);
}

/** Kinds that are costly to send: tried now and then. */
const rare = new Set(['nearly too long', 'too long', 'very deep', 'very deep and closed']);
const kinds = Object.keys(fuzzes);
const common = kinds.filter((kind) => !rare.has(kind));

/** The kind of the nth body: all in turn first, then mostly those that change a document. */
export function kindOf(index: number, { a }: Dice): string {
  if (index < kinds.length) return kinds[index] ?? '';
  if (a % 50 === 0) return pick(kinds, index) ?? '';
  return index % 2 === 0 ? 'a wrong value' : (pick(common, index >> 1) ?? '');
}
