import { expect, test } from 'vitest';
import type { Actor } from '../platform/db/index.ts';
import { authorise, mayDo } from './authorise.ts';
import { scopes, type Scope } from './scopes.ts';

const token = (...held: string[]): Actor => ({ kind: 'token', id: 't', name: 't', scopes: held });
const names = Object.keys(scopes) as Scope[];

test('a token may do what its scopes name and nothing else', () => {
  for (const held of names) {
    for (const wanted of names) expect(mayDo(token(held), wanted)).toBe(held === wanted);
  }
  expect(names.some((scope) => mayDo(token(), scope))).toBe(false);
  expect(names.every((scope) => mayDo(token('*'), scope))).toBe(true);
});

test('a denial names the scope that is missing', () => {
  expect(() => authorise({ actor: token('stock:read'), because: null }, 'stock:write')).toThrow(
    expect.objectContaining({ kind: 'forbidden', code: 'auth.scope_missing', data: { scope: 'stock:write' } }),
  );
});

test('the system, and a verb called by one that has authorised, pass', () => {
  expect(() => authorise({ actor: { kind: 'system', id: 'drain' }, because: null }, 'stock:write')).not.toThrow();
  expect(() => authorise({ actor: token(), because: 'take_in_order' }, 'stock:write')).not.toThrow();
});
