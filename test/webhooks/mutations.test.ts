import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { mutate, mutations } from './mutations.ts';
import { schemes, sign, type Scheme } from './schemes.ts';
import { seededDice } from './seeded-dice.ts';

const now = new Date('2026-11-22T08:00:00Z');
const secret = 'c2VjcmV0IG9mIHRoaXMgc2hvcCwgdGhpcnR5LXR3byBi';
const body = Buffer.from('{"event":"order.updated","order":{"id":"90000000000000000001","note":"Grüße"},"seq":7}');

type Given = { headers: Headers; body: Uint8Array };
type Naive = (scheme: Scheme, given: Given, check: Check) => boolean;
type Check = {
  digest(id: string, time: string, bytes: Uint8Array | string): string;
  /** Of the body alone. */
  bare(bytes: Uint8Array): string;
  isFresh(time: string): boolean;
};

/** Checks as they are found in the wild, each with one thing forgotten. */
const naive: Readonly<Record<string, Naive>> = {
  'ignores the time': (scheme, given, { digest }) => {
    const { id, time, signature } = read(scheme, given);
    return signature === digest(id, time, given.body);
  },
  'does not sign the time': (scheme, given, { digest, isFresh }) => {
    const { id, time, signature } = read(scheme, given);
    const signedTime = String(Math.floor(now.getTime() / 1000));
    return isFresh(time) && signature === digest(id, signedTime, given.body);
  },
  'compares without case': (scheme, given, check) =>
    compare(scheme, given, check, (a, b) => a.toLowerCase() === b.toLowerCase()),
  'compares what is there': (scheme, given, check) => compare(scheme, given, check, (a, b) => b.startsWith(a)),
  'compares the beginning': (scheme, given, check) => compare(scheme, given, check, (a, b) => a.startsWith(b)),
  'compares decoded bytes': (scheme, given, check) =>
    compare(scheme, given, check, (a, b) => decoded(scheme, a).equals(decoded(scheme, b))),
  'looks for it anywhere': (scheme, given, check) => compare(scheme, given, check, (a, b) => a.includes(b)),
  'takes a missing header for no need': (scheme, given, check) =>
    !given.headers.has(scheme.signatureHeader) || compare(scheme, given, check, (a, b) => a === b),
  'signs the parsed body': (scheme, given, check) => {
    const same = (bytes: Uint8Array): string => JSON.stringify(JSON.parse(Buffer.from(bytes).toString('utf8')));
    const { id, time, signature } = read(scheme, given);
    return check.isFresh(time) && signature === check.digest(id, time, same(given.body));
  },
  'signs the body as text': (scheme, given, { digest, isFresh }) => {
    const { id, time, signature } = read(scheme, given);
    return isFresh(time) && signature === digest(id, time, new TextDecoder().decode(given.body));
  },
  'does not sign the id': (scheme, given, { digest, isFresh }) => {
    const { time, signature } = read(scheme, given);
    return isFresh(time) && signature === digest('evt_0a1b2c', time, given.body);
  },
  'signs the body alone': (scheme, given, { bare }) => read(scheme, given).signature === bare(given.body),
};

function read({ idHeader, timeHeader, signatureHeader }: Scheme, { headers }: Given) {
  const of = (name: string | null): string => (name === null ? '' : (headers.get(name) ?? ''));
  return { id: of(idHeader), time: of(timeHeader), signature: of(signatureHeader) };
}

function compare(
  scheme: Scheme,
  given: Given,
  { digest, isFresh }: Check,
  isEqual: (given: string, expected: string) => boolean,
): boolean {
  const { id, time, signature } = read(scheme, given);
  return isFresh(time) && isEqual(signature, digest(id, time, given.body));
}

function decoded({ prefix, encoding }: Scheme, signature: string): Buffer {
  return Buffer.from(signature.slice(prefix.length), encoding);
}

function checkOf(scheme: Scheme): Check {
  const { toleranceMs } = scheme;
  const hmac = (head: string, bytes: Uint8Array | string): string =>
    scheme.prefix + createHmac('sha256', scheme.keyOf(secret)).update(head).update(bytes).digest(scheme.encoding);
  return {
    digest: (id, time, bytes) => hmac(scheme.timeHeader === null ? '12345678' : `${id}.${time}.`, bytes),
    bare: (bytes) => hmac('', bytes),
    isFresh: (time) => toleranceMs === null || Math.abs(Number(time) * 1000 - now.getTime()) <= toleranceMs,
  };
}

it.each(Object.entries(naive))('the mutations find a check that %s', (_, accepts) => {
  const accepted = schemes.flatMap((scheme) =>
    mutated(scheme)
      .filter(({ given }) => tries(() => accepts(scheme, given, checkOf(scheme))))
      .map(({ kind }) => kind),
  );
  expect(accepted.length).toBeGreaterThan(0);
});

it('the mutations spare a check that forgets nothing', () => {
  for (const scheme of schemes) {
    const right: Naive = (each, given, check) =>
      (each.idHeader === null || read(each, given).id !== '') && compare(each, given, check, (a, b) => a === b);
    const found = mutated(scheme).filter(({ given }) => right(scheme, given, checkOf(scheme)));
    expect(found.map(({ kind }) => kind)).toEqual([]);
  }
});

it('every kind of mutation makes something of a delivery', () => {
  const made = new Set(schemes.flatMap((scheme) => mutated(scheme).map(({ kind }) => kind)));
  expect(Object.keys(mutations).filter((kind) => !made.has(kind))).toEqual([]);
});

function mutated(scheme: Scheme): { kind: string; given: Given }[] {
  const key = scheme.keyOf(secret);
  const letter = { id: 'evt_0a1b2c', at: now, body };
  const signed = sign(scheme, key, letter);
  const other = sign(scheme, key, {
    id: 'evt_0a1b2d',
    at: new Date(now.getTime() - 10_000),
    body: Buffer.from('{"seq":8}'),
  });
  return seededDice(7, 20).flatMap((dice) =>
    Object.keys(mutations).flatMap((kind) => {
      const given = mutate({ scheme, letter, secret, signed, other }, kind, dice);
      return given === null ? [] : [{ kind, given }];
    }),
  );
}

function tries(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
