import { Buffer } from 'node:buffer';
import { signHmac } from '../../src/connector-kit/index.ts';
import { sign, type Letter, type Scheme, type Signed } from './schemes.ts';

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

export type Mutation = (subject: Subject, dice: Dice) => Signed | null;

export const valueOf = (signed: Signed, name: string | null): string =>
  signed.headers.find(([each]) => each === name)?.[1] ?? '';

export function withHeader(signed: Signed, name: string | null, value: string | null): Signed | null {
  if (name === null) return null;
  const rest = signed.headers.filter(([each]) => each !== name);
  return { ...signed, headers: value === null ? rest : [...rest, [name, value]] };
}

export const onBody =
  (change: (body: Buffer, dice: Dice) => Uint8Array): Mutation =>
  ({ signed }, dice) => ({ ...signed, body: change(Buffer.from(signed.body), dice) });

export const onText = (change: (text: string, dice: Dice) => string): Mutation =>
  onBody((body, dice) => Buffer.from(change(body.toString('utf8'), dice)));

export type SignedPart = 'idHeader' | 'timeHeader' | 'signatureHeader';

export const onHeader =
  (part: SignedPart, change: (value: string, dice: Dice) => string | null): Mutation =>
  ({ scheme, signed }, dice) =>
    withHeader(signed, scheme[part], change(valueOf(signed, scheme[part]), dice));

/** The digest alone, without the scheme's prefix. */
export const onDigest =
  (change: (digest: string, dice: Dice, scheme: Scheme) => string): Mutation =>
  ({ scheme, signed }, dice) => {
    const digest = valueOf(signed, scheme.signatureHeader).slice(scheme.prefix.length);
    return withHeader(signed, scheme.signatureHeader, scheme.prefix + change(digest, dice, scheme));
  };

export const resigned =
  (change: (subject: Subject, dice: Dice) => { key?: Uint8Array | string; letter?: Partial<Letter> }): Mutation =>
  (subject, dice) => {
    const { key = subject.scheme.keyOf(subject.secret), letter = {} } = change(subject, dice);
    return sign(subject.scheme, key, { ...subject.letter, ...letter });
  };

export const partsOf = (scheme: Scheme): SignedPart[] =>
  (['idHeader', 'timeHeader', 'signatureHeader'] as const).filter((part) => scheme[part] !== null);

/** Signed anew with the shop's own secret, over a time that is too far off; none where no time is signed. */
export function atAnotherTime(shiftMs: (toleranceMs: number, dice: Dice) => number): Mutation {
  return (subject, dice) => {
    const { scheme, letter } = subject;
    if (scheme.toleranceMs === null) return null;
    const at = new Date(letter.at.getTime() + shiftMs(scheme.toleranceMs, dice));
    return resigned(() => ({ letter: { at } }))(subject, dice);
  };
}

/** Signed with the shop's own secret, but other parts or in another order. */
export function signedDifferently(
  parts: (scheme: Scheme, letter: Letter, body: Uint8Array) => (string | Uint8Array)[],
): Mutation {
  return ({ scheme, secret, letter, signed }) => {
    const digest = signHmac(scheme.keyOf(secret), parts(scheme, letter, signed.body), scheme.encoding);
    return withHeader(signed, scheme.signatureHeader, scheme.prefix + digest);
  };
}

export const anyPart = ({ scheme }: Subject, { a }: Dice): SignedPart => {
  const parts = partsOf(scheme);
  return parts[a % parts.length] ?? 'signatureHeader';
};

export const onAnyHeader =
  (change: (value: string, dice: Dice) => string | null): Mutation =>
  (subject, dice) =>
    onHeader(anyPart(subject, dice), change)(subject, dice);

export function flipBit(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = Math.floor(at / 8) % Math.max(1, copy.length);
  if (copy.length > 0) copy[index] = (copy[index] ?? 0) ^ (1 << (at % 8));
  return copy;
}

export const cut = <Value extends string | Buffer>(value: Value, at: number): [number, number] => [
  0,
  at % Math.max(1, value.length),
];
export const flipText = (value: string, at: number): string =>
  flipBit(Buffer.from(value, 'latin1'), at).toString('latin1');
export const replaceAt = (text: string, at: number, word: string): string => {
  const index = at % (text.length + 1);
  return text.slice(0, index) + word + text.slice(index + 1);
};
export const insertAt = (text: string, at: number, word: string): string => {
  const index = at % (text.length + 1);
  return text.slice(0, index) + word + text.slice(index);
};

/** How SHA-256 would go on: what a digest of secret and message together is extended by. */
export function glue(length: number): Buffer {
  const zeros = (119 - (length % 64)) % 64;
  const bits = Buffer.alloc(8);
  bits.writeBigUInt64BE(BigInt(length) * 8n);
  return Buffer.concat([Buffer.of(0x80), Buffer.alloc(zeros), bits]);
}

/** Letters that look like the ones they stand for, in what a header can carry. */
export const lookAlikes: Readonly<Record<string, string>> = {
  a: 'à',
  e: 'é',
  i: 'í',
  o: 'ó',
  c: '¢',
  '1': '¹',
  '2': '²',
  '3': '³',
};
