import { Buffer } from 'node:buffer';
import { sign, type Header, type Letter, type Scheme, type Signed } from './schemes.ts';

/** What a mutation is made of: a well-signed delivery, and the dice of this one. */
export type Subject = {
  readonly scheme: Scheme;
  readonly letter: Letter;
  readonly secret: string;
  readonly signed: Signed;
  /** Another well-signed delivery of the same shop. */
  readonly other: Signed;
};
export type Dice = { readonly a: number; readonly b: number; readonly bytes: Uint8Array };

type Mutation = (subject: Subject, dice: Dice) => Signed | null;

const valueOf = (signed: Signed, name: string): string => signed.headers.find(([each]) => each === name)?.[1] ?? '';

function withHeader(signed: Signed, name: string, value: string | null): Signed {
  const rest = signed.headers.filter(([each]) => each !== name);
  return { ...signed, headers: value === null ? rest : [...rest, [name, value]] };
}

const onBody =
  (change: (body: Buffer, dice: Dice) => Uint8Array): Mutation =>
  ({ signed }, dice) => ({ ...signed, body: change(Buffer.from(signed.body), dice) });

const onText = (change: (text: string, dice: Dice) => string): Mutation =>
  onBody((body, dice) => Buffer.from(change(body.toString('utf8'), dice)));

type SignedPart = 'idHeader' | 'timeHeader' | 'signatureHeader';

const onHeader =
  (part: SignedPart, change: (value: string, dice: Dice) => string | null): Mutation =>
  ({ scheme, signed }, dice) =>
    withHeader(signed, scheme[part], change(valueOf(signed, scheme[part]), dice));

/** The digest alone, without the scheme's prefix. */
const onDigest =
  (change: (digest: string, dice: Dice, scheme: Scheme) => string): Mutation =>
  ({ scheme, signed }, dice) => {
    const digest = valueOf(signed, scheme.signatureHeader).slice(scheme.prefix.length);
    return withHeader(signed, scheme.signatureHeader, scheme.prefix + change(digest, dice, scheme));
  };

const resigned =
  (change: (subject: Subject, dice: Dice) => { key?: Uint8Array | string; letter?: Partial<Letter> }): Mutation =>
  (subject, dice) => {
    const { key = subject.scheme.keyOf(subject.secret), letter = {} } = change(subject, dice);
    return sign(subject.scheme, key, { ...subject.letter, ...letter });
  };

const anyPart = ({ a }: Dice): SignedPart =>
  (['idHeader', 'timeHeader', 'signatureHeader'] as const)[a % 3] ?? 'idHeader';

const onAnyHeader =
  (change: (value: string, dice: Dice) => string | null): Mutation =>
  (subject, dice) =>
    onHeader(anyPart(dice), change)(subject, dice);

function flipBit(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = Math.floor(at / 8) % Math.max(1, copy.length);
  if (copy.length > 0) copy[index] = (copy[index] ?? 0) ^ (1 << (at % 8));
  return copy;
}

const cut = <Value extends string | Buffer>(value: Value, at: number): [number, number] => [
  0,
  at % Math.max(1, value.length),
];
const flipText = (value: string, at: number): string => flipBit(Buffer.from(value, 'latin1'), at).toString('latin1');
const replaceAt = (text: string, at: number, word: string): string => {
  const index = at % (text.length + 1);
  return text.slice(0, index) + word + text.slice(index + 1);
};
const insertAt = (text: string, at: number, word: string): string => {
  const index = at % (text.length + 1);
  return text.slice(0, index) + word + text.slice(index);
};

/** How SHA-256 would go on: what a digest of secret and message together is extended by. */
function glue(length: number): Buffer {
  const zeros = (119 - (length % 64)) % 64;
  const bits = Buffer.alloc(8);
  bits.writeBigUInt64BE(BigInt(length) * 8n);
  return Buffer.concat([Buffer.of(0x80), Buffer.alloc(zeros), bits]);
}

/** Letters that look like the ones they stand for, in what a header can carry. */
const lookAlikes: Readonly<Record<string, string>> = {
  a: 'à',
  e: 'é',
  i: 'í',
  o: 'ó',
  c: '¢',
  '1': '¹',
  '2': '²',
  '3': '³',
};

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
  'a header twice': (subject, dice) => doubled(subject, anyPart(dice), (value) => value),
  'a header twice, the second wrong': (subject, dice) =>
    doubled(subject, anyPart(dice), (value) => flipText(value, dice.b)),
  'a header twice, the first wrong': (subject, dice) => {
    const name = subject.scheme[anyPart(dice)];
    const value = valueOf(subject.signed, name);
    const wrong = withHeader(subject.signed, name, flipText(value, dice.b));
    return { ...wrong, headers: [...wrong.headers, [name, value]] };
  },
  'two headers exchanged': ({ scheme, signed }, { a }) => {
    const names = [scheme.idHeader, scheme.timeHeader, scheme.signatureHeader];
    const [one = '', two = ''] = [names[a % 3], names[(a + 1) % 3]];
    return withHeader(withHeader(signed, one, valueOf(signed, two)), two, valueOf(signed, one));
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
  'a replay after the tolerance': resigned(({ scheme, letter }, { a }) => ({
    letter: { at: new Date(letter.at.getTime() - scheme.toleranceMs - 60_000 - (a % 100_000_000)) },
  })),
  'a time to come': resigned(({ scheme, letter }, { a }) => ({
    letter: { at: new Date(letter.at.getTime() + scheme.toleranceMs + 60_000 + (a % 100_000_000)) },
  })),
  'an empty id': resigned(() => ({ letter: { id: '' } })),
  'another order of the parts': ({ scheme, secret, letter, signed }) => {
    const swapped = sign(scheme, scheme.keyOf(secret), { ...letter, id: valueOf(signed, scheme.timeHeader) });
    return withHeader(signed, scheme.signatureHeader, valueOf(swapped, scheme.signatureHeader));
  },
} satisfies Record<string, Mutation>;

function doubled({ scheme, signed }: Subject, part: SignedPart, second: (value: string) => string): Signed {
  const name = scheme[part];
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
