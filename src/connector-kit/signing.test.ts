import { describe, expect, it } from 'vitest';
import { isWithinTolerance, signHmac, verifyHmac } from './signing.ts';

/** RFC 4231, test case 2. */
const rfc = { key: 'Jefe', data: 'what do ya want for nothing?' };
const rfcHex = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';

describe('HMAC SHA-256', () => {
  it('is the one of RFC 4231, in hex and base64, over the parts one after the other', () => {
    expect(signHmac(rfc.key, [rfc.data], 'hex')).toBe(rfcHex);
    expect(signHmac(rfc.key, ['what do ya ', Buffer.from('want for nothing?')], 'hex')).toBe(rfcHex);
    expect(signHmac(rfc.key, [rfc.data], 'base64')).toBe(Buffer.from(rfcHex, 'hex').toString('base64'));
  });

  it('verifies only its exact text', () => {
    const verify = (signature: string | null): boolean => verifyHmac(rfc.key, [rfc.data], 'hex', signature);
    expect(verify(rfcHex)).toBe(true);
    for (const bad of [
      null,
      '',
      rfcHex.slice(0, 63),
      `${rfcHex}0`,
      rfcHex.toUpperCase(),
      ` ${rfcHex}`,
      'é'.repeat(32),
    ]) {
      expect(verify(bad), String(bad)).toBe(false);
    }
  });

  it('never verifies under an empty secret', () => {
    expect(verifyHmac('', ['body'], 'hex', signHmac('', ['body'], 'hex'))).toBe(false);
    expect(verifyHmac(new Uint8Array(), ['body'], 'hex', signHmac('', ['body'], 'hex'))).toBe(false);
  });
});

describe('the tolerance of a signed time', () => {
  it('holds to both sides, the limit included, and refuses what is not whole seconds', () => {
    const now = new Date(1_000_000_000_000);
    const within = (text: string | null): boolean => isWithinTolerance(text, now, 60_000);
    expect([within('1000000060'), within('999999940')]).toEqual([true, true]);
    for (const bad of ['1000000061', '999999939', null, '', '1e9', '1000000000.0', '-1', '99999999999999']) {
      expect(within(bad), String(bad)).toBe(false);
    }
  });
});
