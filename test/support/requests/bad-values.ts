/** Values that no schema should let through to where they do harm, as the JSON text that is sent. */
export const badJsonValues: Readonly<Record<string, string>> = {
  'a null': 'null',
  'an empty text': '""',
  'a null character': String.raw`"a\u0000b"`,
  'half a surrogate pair': String.raw`"\ud800"`,
  'a very long text': `"${'x'.repeat(100_000)}"`,
  'a negative number': '-1',
  zero: '0',
  'a fraction': '0.5',
  'an infinite number': '1e400',
  'twenty digits': '18446744073709551616',
  'twenty digits as text': '"18446744073709551616"',
  'more than an int4': '2147483648',
  'the largest safe number': '9007199254740991',
  'the year zero': '"0000-01-01T00:00:00Z"',
  'the end of JS time': '"+275760-09-13T00:00:00.000Z"',
  'a day that is none': '"2026-02-30T25:61:00Z"',
  'a boolean': 'true',
  'an empty list': '[]',
  'a list of nothing': '[null]',
  'an empty object': '{}',
  'an id of nobody': '"01936e9e-0000-7000-8000-00000000ffff"',
  'a currency that is none': '"XYZ"',
  'an object of its prototype': '{"__proto__":{"admin":true},"constructor":{"prototype":{}}}',
};

/** The same for the query and for paths, as they stand in the URL. */
export const badQueryValues: Readonly<Record<string, string>> = {
  nothing: '',
  'a word': 'x',
  'a null character': 'a%00b',
  'half a surrogate pair': '%ED%A0%80',
  'bytes that are no text': '%ff%fe',
  'a broken escape': '%zz',
  'a negative number': '-1',
  'twenty digits': '18446744073709551616',
  'no number': 'NaN',
  'a very long text': 'x'.repeat(3_000),
  'a quote': "'%3B--",
  'the year zero': '0000-01-01T00:00:00Z',
  'the end of JS time': '%2B275760-09-13T00:00:00.000Z',
  'an id of nobody': '01936e9e-0000-7000-8000-00000000ffff',
  'a cursor of nothing': cursorOf([]),
  'a cursor of one null': cursorOf([null]),
  'a cursor of two words': cursorOf(['x', 'y']),
  'a cursor of two nulls': cursorOf([null, null]),
  'a cursor of three words': cursorOf(['x', 'y', 'z']),
  'a cursor with a null character': cursorOf(['\u0000', '\u0000']),
  'a cursor of one null character': cursorOf(['\u0000']),
  'a cursor of one word': cursorOf(['x']),
  'a cursor of numbers': Buffer.from('[1,2]').toString('base64url'),
  'a cursor past time': cursorOf(['300000-01-01', '01936e9e-0000-7000-8000-00000000ffff']),
};

function cursorOf(key: readonly (string | null)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

const deep = 20_000;

/** Bodies that are no body of any route. */
export const badBodies: Readonly<Record<string, string | Uint8Array>> = {
  nothing: '',
  'half an object': '{"a":',
  'a word': 'hello',
  null: 'null',
  'a list': '[]',
  'a text': '"x"',
  'a number': '1e400',
  'an object of nothing': '{}',
  'a byte order mark': Uint8Array.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]),
  'GBK, which is no UTF-8': Uint8Array.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xd6, 0xd0, 0xce, 0xc4, 0x22, 0x7d]),
  'a null byte': Uint8Array.from([0x00]),
  'lists in lists': '['.repeat(deep) + ']'.repeat(deep),
  'objects in objects': '{"a":'.repeat(deep) + '1' + '}'.repeat(deep),
  'the same key twice': '{"lines":[],"lines":"x"}',
  'a prototype': '{"__proto__":{"lines":[]},"constructor":null,"toString":1}',
};

/** Every place in a JSON value, as the path to it. */
export function placesIn(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const below = Array.isArray(value)
    ? value.flatMap((each, index) => placesIn(each, [...path, index]))
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, each]) => placesIn(each, [...path, key]))
      : [];
  return path.length === 0 ? below : [path, ...below];
}

const mark = '<here>';

/** The JSON text of `value` with the raw text `json` in the place `path`; null there leaves the key out. */
export function jsonWith(value: unknown, path: readonly (string | number)[], json: string | null): string {
  const put = (at: unknown, [key, ...rest]: readonly (string | number)[]): unknown => {
    if (key === undefined) return mark;
    if (Array.isArray(at)) return at.map((each, index) => (index === key ? put(each, rest) : each));
    const entries = Object.entries(at as Readonly<Record<string, unknown>>);
    return Object.fromEntries(
      entries
        .filter(([name]) => json !== null || rest.length > 0 || name !== key)
        .map(([name, each]) => [name, name === key ? put(each, rest) : each]),
    );
  };
  return JSON.stringify(put(value, path)).replace(`"${mark}"`, () => json ?? '');
}
