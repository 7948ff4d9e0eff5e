import { Buffer } from 'node:buffer';
import {
  type Subject,
  type Dice,
  type Mutation,
  valueOf,
  withHeader,
  onBody,
  onText,
  type SignedPart,
  onHeader,
  onDigest,
  resigned,
  partsOf,
  atAnotherTime,
  signedDifferently,
  anyPart,
  onAnyHeader,
  flipBit,
  cut,
  flipText,
  replaceAt,
  insertAt,
  glue,
  lookAlikes,
} from './mutation-parts.ts';
import type { Header, Signed } from './schemes.ts';

const bodies = {
  'a bit of the body': onBody((body, { a }) => flipBit(body, a)),
  'a shorter body': onBody((body, { a }) => body.subarray(...cut(body, a))),
  'an empty body': onBody(() => new Uint8Array()),
  'a longer body': onBody((body, { bytes }) => Buffer.concat([body, bytes])),
  'a body behind other bytes': onBody((body, { bytes }) => Buffer.concat([bytes, body])),
  'a body behind a BOM': onBody((body) => Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), body])),
  'the body twice': onBody((body) => Buffer.concat([body, body])),
  'the body extended as SHA-256 would go on': onBody((body, { a, bytes }) =>
    Buffer.concat([body, glue(64 + (a % 64) + body.length), bytes]),
  ),
  'two bytes of the body exchanged': onBody((body, { a, b }) => {
    const copy = Buffer.from(body);
    const [one, two] = [a % copy.length, b % copy.length];
    [copy[one], copy[two]] = [body[two] ?? 0, body[one] ?? 0];
    return copy;
  }),
  'the body in UTF-16': onBody((body) => Buffer.from(body.toString('utf8'), 'utf16le')),
  'the same JSON with spaces': onText((text) => JSON.stringify(JSON.parse(text), null, 1)),
  'the same JSON, a letter escaped': onText((text, { a }) => {
    const index = text.search(/[a-z]/) + (a % 3);
    const code = text.charCodeAt(index).toString(16).padStart(4, '0');
    return /[a-z]/.test(text[index] ?? '') ? `${text.slice(0, index)}\\u${code}${text.slice(index + 1)}` : text;
  }),
  'the same JSON, a key twice': onText((text) => text.replace(/^\{/, '{"id":null,')),
  'a letter of the body in full width': onText((text, { a }) => {
    const index = a % text.length;
    const code = text.charCodeAt(index);
    return code > 0x20 && code < 0x7f ? replaceAt(text, index, String.fromCharCode(code + 0xfee0)) : text;
  }),
  'the body decomposed': onText((text) => text.normalize('NFD')),
  'another line end': onText((text) => `${text}\r\n`),
} satisfies Record<string, Mutation>;

const headers = {
  'a bit of a header': onAnyHeader((value, { b }) => flipText(value, b)),
  'a shorter header': onAnyHeader((value, { b }) => value.slice(...cut(value, b))),
  'a longer header': onAnyHeader((value, { bytes }) => value + Buffer.from(bytes).toString('hex')),
  'an empty header': onAnyHeader(() => ''),
  'a header left away': onAnyHeader(() => null),
  'a letter of a header replaced': onAnyHeader((value, { a, b }) =>
    replaceAt(value, b, String.fromCharCode(0x21 + (a % 94))),
  ),
  'white space within a header': onAnyHeader((value, { a, b }) =>
    insertAt(value, b, [' ', '\t', '\u00A0'][a % 3] ?? ' '),
  ),
  'a header in another case': onAnyHeader((value, { b }) => (b % 2 === 0 ? value.toUpperCase() : value.toLowerCase())),
  'a header percent-encoded': onAnyHeader((value, { b }) =>
    replaceAt(value, b, `%${(value.charCodeAt(b % (value.length + 1)) || 0x41).toString(16)}`),
  ),
  'a look-alike in a header': onAnyHeader((value, { b }) => {
    const at = b % Math.max(1, value.length);
    return replaceAt(value, at, lookAlikes[value[at] ?? ''] ?? 'ï');
  }),
  'a header twice': (subject, dice) => doubled(subject, anyPart(subject, dice), (value) => value),
  'a header twice, the second wrong': (subject, dice) =>
    doubled(subject, anyPart(subject, dice), (value) => flipText(value, dice.b)),
  'a header twice, the first wrong': (subject, dice) => {
    const name = subject.scheme[anyPart(subject, dice)];
    const value = valueOf(subject.signed, name);
    const wrong = withHeader(subject.signed, name, flipText(value, dice.b));
    return wrong === null || name === null ? null : { ...wrong, headers: [...wrong.headers, [name, value]] };
  },
  'two headers exchanged': ({ scheme, signed }, { a }) => {
    const names = partsOf(scheme).map((part) => scheme[part]);
    const [one = null, two = null] = [names[a % names.length], names[(a + 1) % names.length]];
    const half = withHeader(signed, one, valueOf(signed, two));
    return half === null || one === two ? null : withHeader(half, two, valueOf(signed, one));
  },
  'the signature of another message': ({ scheme, signed, other }) =>
    withHeader(signed, scheme.signatureHeader, valueOf(other, scheme.signatureHeader)),
  'the id of another message': ({ scheme, signed, other }) =>
    withHeader(signed, scheme.idHeader, valueOf(other, scheme.idHeader)),
  'the body of another message': ({ signed, other }) => ({ ...signed, body: other.body }),
  'the id grown by the time': ({ scheme, signed }) =>
    withHeader(signed, scheme.idHeader, `${valueOf(signed, scheme.idHeader)}.${valueOf(signed, scheme.timeHeader)}`),
} satisfies Record<string, Mutation>;

const times = {
  'another time': onHeader('timeHeader', (value, { a, b }) =>
    String(Number(value) + (b % 2 === 0 ? 1 : -1) * (1 + (a % 400))),
  ),
  'the time with zeros before it': onHeader('timeHeader', (value, { a }) => '0'.repeat(1 + (a % 3)) + value),
  'the time in other words': onHeader('timeHeader', (value, { a }) => {
    const at = new Date(Number(value) * 1000);
    const words = [
      `+${value}`,
      `${value}.0`,
      `${value}000`,
      `0x${Number(value).toString(16)}`,
      at.toISOString(),
      `${value}e0`,
    ];
    return words[a % words.length] ?? '';
  }),
} satisfies Record<string, Mutation>;

const digests = {
  'the digest in another encoding': onDigest((digest, { a }, { encoding }) => {
    const bytes = Buffer.from(digest, encoding);
    const others = [
      bytes.toString('hex'),
      bytes.toString('base64'),
      bytes.toString('base64url'),
      bytes.toString('latin1'),
    ];
    return others[a % others.length] ?? '';
  }),
  'the digest with other padding': onDigest((digest, { a }) => {
    const bare = digest.replace(/=+$/, '');
    return [bare, `${bare}==`, `${bare}===`, `=${bare}`, `${digest}=`][a % 5] ?? bare;
  }),
  'the digest with bits that say nothing': onDigest((digest, { a }, { encoding }) => {
    if (encoding !== 'base64') return `${digest}${'0'.repeat(1 + (a % 2))}`;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const last = alphabet.indexOf(digest.at(-2) ?? '');
    return `${digest.slice(0, -2)}${alphabet[(last & ~3) | ((last + 1 + (a % 3)) & 3)] ?? ''}=`;
  }),
  'the digest behind another prefix': ({ scheme, signed }, { a }) => {
    const digest = valueOf(signed, scheme.signatureHeader).slice(scheme.prefix.length);
    const prefixes = ['', 'sha256=', 'v1=', 'v2,', 'V1,', 'v1a,', 'v01,', '0x', 'v1,,', 'v1;', 'hmac '];
    return withHeader(signed, scheme.signatureHeader, `${prefixes[a % prefixes.length] ?? ''}${digest}`);
  },
  'half of the digest twice': onDigest((digest) => digest.slice(0, digest.length / 2).repeat(2)),
  'a digest of zeros': onDigest((digest, { a }) => ['0', 'A', 'f'][a % 3]?.repeat(digest.length) ?? ''),
  'a digest of the same length': onDigest((digest, { bytes }, { encoding }) =>
    Buffer.concat([bytes, Buffer.alloc(32)])
      .subarray(0, 32)
      .toString(encoding)
      .slice(0, digest.length),
  ),
} satisfies Record<string, Mutation>;

const secrets = {
  'another secret': resigned((_, { bytes }) => ({ key: Buffer.concat([Buffer.of(1), bytes]) })),
  'no secret': resigned(() => ({ key: '' })),
  'a secret nearly the same': resigned(({ secret }, { a }) => {
    const near = [
      `${secret} `,
      `${secret}\n`,
      secret.slice(0, -1),
      secret.toUpperCase(),
      `${secret}\0x`,
      secret.slice(1),
    ];
    return { key: Buffer.from(near[a % near.length] ?? '') };
  }),
  'a bit of the secret': resigned(({ scheme, secret }, { a }) => ({
    key: flipBit(Buffer.from(scheme.keyOf(secret)), a),
  })),
  'a replay after the tolerance': atAnotherTime((toleranceMs, { a }) => -toleranceMs - 60_000 - (a % 100_000_000)),
  'a time to come': atAnotherTime((toleranceMs, { a }) => toleranceMs + 60_000 + (a % 100_000_000)),
  'an empty id': (subject, dice) =>
    subject.scheme.idHeader === null ? null : resigned(() => ({ letter: { id: '' } }))(subject, dice),
  'another order of the parts': signedDifferently((scheme, letter, body) => [body, scheme.signedHead(letter)]),
  'the body signed alone': signedDifferently((_, __, body) => [body]),
  'the head signed alone': signedDifferently((scheme, letter) => [scheme.signedHead(letter)]),
  'the head signed twice': signedDifferently((scheme, letter, body) => [
    scheme.signedHead(letter),
    scheme.signedHead(letter),
    body,
  ]),
} satisfies Record<string, Mutation>;

function doubled({ scheme, signed }: Subject, part: SignedPart, second: (value: string) => string): Signed | null {
  const name = scheme[part];
  if (name === null) return null;
  const again: Header = [name, second(valueOf(signed, name))];
  return { ...signed, headers: [...signed.headers, again] };
}

/** Every kind of structural mutation, by what was done. */
export const mutations: Readonly<Record<string, Mutation>> = {
  ...bodies,
  ...headers,
  ...times,
  ...digests,
  ...secrets,
};

/**
 * The mutated delivery as it would arrive, or null where nothing is left of the mutation: the same bytes and, as HTTP reads
 * headers, the same headers; or bytes that no header can carry.
 */
export function mutate(subject: Subject, kind: string, dice: Dice): { headers: Headers; body: Uint8Array } | null {
  const made = mutations[kind]?.(subject, dice) ?? null;
  if (made === null) return null;
  try {
    const headers = new Headers(made.headers.map(([name, value]): [string, string] => [name, value]));
    const before = new Headers(subject.signed.headers.map(([name, value]): [string, string] => [name, value]));
    const isSame =
      Buffer.compare(made.body, subject.signed.body) === 0 &&
      JSON.stringify([...headers]) === JSON.stringify([...before]);
    return isSame ? null : { headers, body: made.body };
  } catch {
    return null;
  }
}
