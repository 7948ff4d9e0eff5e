import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openKeyring } from './index.ts';

const master = Buffer.alloc(32, 7);
const keyring = openKeyring({ masterKey: master });
const wrongKey = expect.objectContaining({ code: 'crypto.wrong_key' });

describe('a data key', () => {
  test('opens what it sealed, whatever the bytes and the field', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.string(), fc.string(), (plain, aad, record) => {
        const { wrapped, key } = keyring.newDataKey(record);
        const sealed = key.seal(plain, aad);
        const opened = keyring.openDataKey(wrapped, record).open(sealed, aad);
        expect(Buffer.from(opened)).toEqual(Buffer.from(plain));
      }),
      { numRuns: 300 },
    );
  });

  test('refuses a change of any byte, and any cut or longer text', () => {
    const { key } = keyring.newDataKey('shop-1');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (plain, at, change) => {
        const sealed = Buffer.from(key.seal(plain, 'settings'));
        const index = at % sealed.length;
        sealed[index] = (sealed[index] ?? 0) ^ change;
        expect(() => key.open(sealed, 'settings')).toThrow();
      }),
      { numRuns: 500 },
    );
    const sealed = key.seal(Buffer.from('secret'), 'settings');
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => key.open(sealed.subarray(0, length), 'settings')).toThrow();
    }
    expect(() => key.open(Buffer.concat([sealed, Buffer.of(0)]), 'settings')).toThrow(wrongKey);
  });

  test('does not open what was sealed for another field', () => {
    const { key } = keyring.newDataKey('shop-1');
    const sealed = key.seal(Buffer.from('secret'), 'settings');
    expect(() => key.open(sealed, 'webhook')).toThrow(wrongKey);
  });

  test('never seals the same bytes alike', () => {
    const { key } = keyring.newDataKey('shop-1');
    const plain = Buffer.from('secret');
    expect(key.seal(plain, 'a')).not.toEqual(key.seal(plain, 'a'));
  });
});

describe('a wrapped key', () => {
  test('is refused for another record, under another master key, and with any byte changed', () => {
    const { wrapped } = keyring.newDataKey('shop-1');
    expect(() => keyring.openDataKey(wrapped, 'shop-2')).toThrow(wrongKey);
    expect(() => openKeyring({ masterKey: Buffer.alloc(32, 8) }).openDataKey(wrapped, 'shop-1')).toThrow(wrongKey);
    for (let index = 0; index < wrapped.length; index += 1) {
      const changed = Buffer.from(wrapped);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => keyring.openDataKey(changed, 'shop-1')).toThrow();
    }
  });

  test('opens after a rotation, and moves to the new master key without touching what it sealed', () => {
    const { wrapped, key } = keyring.newDataKey('shop-1');
    const sealed = key.seal(Buffer.from('secret'), 'settings');
    const masterKey = Buffer.alloc(32, 9);
    const rotated = openKeyring({ masterKey, version: 2, retired: new Map([[1, master]]) });
    const moved = rotated.rewrap(wrapped, 'shop-1');
    const onlyNew = openKeyring({ masterKey, version: 2 });
    expect(onlyNew.openDataKey(moved, 'shop-1').open(sealed, 'settings')).toEqual(Buffer.from('secret'));
    expect(rotated.openDataKey(wrapped, 'shop-1').open(sealed, 'settings')).toEqual(Buffer.from('secret'));
    expect(() => onlyNew.openDataKey(wrapped, 'shop-1')).toThrow(
      expect.objectContaining({ code: 'crypto.unknown_key_version' }),
    );
  });
});

describe('a keyed hash', () => {
  test('is stable, differs by purpose and key, and survives a rotation', () => {
    const hash = keyring.mac('phone', '4711');
    expect(keyring.mac('phone', '4711')).toEqual(hash);
    expect(keyring.mac('name', '4711')).not.toEqual(hash);
    expect(keyring.mac('phone4', '711')).not.toEqual(hash);
    expect(openKeyring({ masterKey: Buffer.alloc(32, 8) }).mac('phone', '4711')).not.toEqual(hash);
    const rotated = openKeyring({ masterKey: Buffer.alloc(32, 9), version: 2, retired: new Map([[1, master]]) });
    expect(rotated.mac('phone', '4711')).toEqual(hash);
  });
});

test('a master key of the wrong length is refused', () => {
  expect(() => openKeyring({ masterKey: Buffer.alloc(16) })).toThrow(
    expect.objectContaining({ code: 'crypto.bad_master_key' }),
  );
});
