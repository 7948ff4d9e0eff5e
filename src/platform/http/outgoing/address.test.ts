import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeAddress } from './address.ts';

/** As `fetch` sees them: the URL parser brings every spelling of an address to one. */
const judge = (host: string, mayBePrivate = false) => judgeAddress(new URL(`http://${host}/`).hostname, mayBePrivate);

test('every spelling of a loopback, private, link-local or reserved address is refused', () => {
  const hosts = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '127.255.255.254',
    '0',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.1.1',
    '169.254.169.254',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[::]',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::ffff:a9fe:a9fe]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[fe80::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[fec0::1]',
    '[ff02::1]',
    '[2001:db8::1]',
  ];
  for (const host of hosts) expect([host, judge(host)]).toEqual([host, 'refused']);
});

test('public addresses are allowed, in every spelling', () => {
  for (const host of [
    '93.184.216.34',
    '1.1.1.1',
    '0x01010101',
    '[2606:4700::1111]',
    '[::ffff:1.1.1.1]',
    '172.32.0.1',
  ]) {
    expect([host, judge(host)]).toEqual([host, 'allowed']);
  }
});

test('a listed origin may be private, but never a metadata service, a wildcard or a group', () => {
  for (const host of ['127.0.0.1', '10.1.2.3', '[::1]', '[fd12::1]', '[::ffff:192.168.0.1]', '169.254.1.1']) {
    expect([host, judge(host, true)]).toEqual([host, 'allowed']);
  }
  for (const host of [
    '169.254.169.254',
    '[::ffff:a9fe:a9fe]',
    '[fd00:ec2::254]',
    '100.100.100.200',
    '0.0.0.0',
    '[::]',
    '224.0.0.1',
  ]) {
    expect([host, judge(host, true)]).toEqual([host, 'refused']);
  }
});

test('a name is neither', () => {
  for (const host of ['localhost', 'shop.example', '127.0.0.1.nip.io', 'xn--fiq228c.example']) {
    expect(judge(host)).toBe('name');
  }
});

test('no loopback or private address is allowed as a number either', () => {
  const first = fc.constantFrom(10, 127, 0);
  const rest = fc.integer({ min: 0, max: 0xffffff });
  fc.assert(
    fc.property(first, rest, fc.constantFrom(10, 16), (network, host, radix) => {
      const number = network * 2 ** 24 + host;
      const text = radix === 16 ? `0x${number.toString(16)}` : String(number);
      expect(judge(text)).toBe('refused');
    }),
  );
});
