import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { receiverOf } from '../../../test/support/factories/channel-order.ts';
import type { OrderId, ShopId } from '../../kernel/index.ts';
import { openKeyring } from '../../platform/crypto/index.ts';
import { maskReceiver } from './mask-receiver.ts';
import { mergeReceiver } from './merge-receiver.ts';
import { planReceiver } from './plan-receiver.ts';
import { receiverKeys } from './receiver-keys.ts';
import { openAddress } from './seal-address.ts';

const keyring = openKeyring({ masterKey: new Uint8Array(32).fill(3) });
const ids = { orderId: 'order-1' as OrderId, shopId: 'shop-1' as ShopId };
const keyOf = (facts: Parameters<typeof receiverOf>[0], shopId = ids.shopId) =>
  receiverKeys(keyring, shopId, receiverOf(facts).address, 'plain').mergeKey;

describe('a receiver', () => {
  it('shows the first letter of a name, the end of a long phone number, and the place', () => {
    expect(maskReceiver(receiverOf({ name: '王小明', phone: '13800138000' }).address)).toMatchObject({
      name: '王**',
      phone: '***8000',
    });
    expect(maskReceiver(receiverOf({ name: '', phone: '4711' }).address)).toMatchObject({ name: '', phone: '***' });
  });

  it('never shows a whole name or number, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3, unit: 'grapheme' }), fc.stringMatching(/^\d{5,15}$/), (name, phone) => {
        const masked = maskReceiver(receiverOf({ name: `${name}x`, phone }).address);
        expect(masked.name.length).toBeLessThanOrEqual(4);
        expect(masked.phone.replaceAll('*', '').length).toBeLessThanOrEqual(4);
      }),
    );
  });

  it('has the merge key of the same person at the same place, spelling aside, and of nobody else', () => {
    expect(keyOf({ name: 'ADA  Lovelace', lines: ['kaistraße 1'] })).toEqual(keyOf({}));
    expect(keyOf({ name: 'Ａｄａ Lovelace' })).toEqual(keyOf({}));
    expect(keyOf({ name: 'Ada Byron' })).not.toEqual(keyOf({}));
    expect(keyOf({ lines: ['Kaistraße 11'] })).not.toEqual(keyOf({}));
    expect(keyOf({}, 'shop-2' as ShopId)).not.toEqual(keyOf({}));
  });

  it('that is masked has no merge key: two that look alike may be two people', () => {
    expect(receiverKeys(keyring, ids.shopId, receiverOf().address, 'masked').mergeKey).toBeNull();
  });

  it('keeps what an empty value would overwrite and takes what is new', () => {
    const known = { ...receiverOf(), expiresAt: null };
    const merged = mergeReceiver(known, receiverOf({ phone: ' ', city: 'Bremen', lines: ['', ' '] }));
    expect(merged.address).toEqual(receiverOf({ city: 'Bremen' }).address);
  });

  it('is stored sealed and opens only with its own order', () => {
    const { row } = planReceiver(keyring, { ...ids, told: receiverOf(), current: null });
    if (row === null) throw new Error('nothing to store');
    expect(Buffer.from(row.ciphertext ?? []).includes('Lovelace')).toBe(false);
    expect(openAddress(keyring, row)).toEqual(receiverOf().address);
    expect(() => openAddress(keyring, { ...row, orderId: 'order-2' as OrderId })).toThrow();
  });

  it('that is told again unchanged is not written again, and one that moved says so', () => {
    const { row } = planReceiver(keyring, { ...ids, told: receiverOf(), current: null });
    if (row === null) throw new Error('nothing to store');
    const current = { ...row, erasedAt: null };
    expect(planReceiver(keyring, { ...ids, told: receiverOf(), current })).toEqual({
      row: null,
      isComplete: true,
      hasMoved: false,
    });
    expect(planReceiver(keyring, { ...ids, told: receiverOf({ email: 'new@example.com' }), current })).toMatchObject({
      hasMoved: false,
    });
    expect(planReceiver(keyring, { ...ids, told: receiverOf({ lines: ['Weg 2'] }), current })).toMatchObject({
      hasMoved: true,
    });
  });

  it('that was erased stays erased', () => {
    const { row } = planReceiver(keyring, { ...ids, told: receiverOf(), current: null });
    if (row === null) throw new Error('nothing to store');
    const current = { ...row, ciphertext: null, dataKey: null, erasedAt: new Date() };
    expect(planReceiver(keyring, { ...ids, told: receiverOf({ name: 'Back again' }), current }).row).toBeNull();
  });

  it('without a street, a place or a country cannot get a parcel', () => {
    for (const facts of [{ lines: [] }, { city: '', postalCode: '' }, { countryCode: '' }, { name: '' }]) {
      expect(planReceiver(keyring, { ...ids, told: receiverOf(facts), current: null }).isComplete).toBe(false);
    }
    expect(planReceiver(keyring, { ...ids, told: null, current: null }).isComplete).toBe(false);
  });
});
