import ipaddr from 'ipaddr.js';

/** `name` has to be resolved first. */
export type AddressVerdict = 'allowed' | 'refused' | 'name';

/** Where clouds answer with credentials: AWS, GCP, Azure (v4), AWS (v6), Alibaba, Oracle. Not even a listed origin. */
const metadata = new Set(['169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '192.0.0.192']);
const listable = new Set(['private', 'loopback', 'linkLocal', 'uniqueLocal', 'carrierGradeNat']);

/**
 * Judges a literal address: a URL's hostname (which the URL parser has already brought from decimal, hex and octal forms
 * to dotted quads; IPv6 in brackets), a resolver's answer or a socket's peer. Only global unicast is allowed;
 * `mayBePrivate` adds private, loopback and link-local networks. IPv4 inside IPv6 is judged as IPv4.
 */
export function judgeAddress(text: string, mayBePrivate: boolean): AddressVerdict {
  const bare = text.startsWith('[') ? text.slice(1, -1) : text;
  const zoneless = bare.split('%', 1)[0] ?? bare;
  if (!ipaddr.isValid(zoneless)) return 'name';
  const address = ipaddr.process(zoneless);
  if (metadata.has(address.toString())) return 'refused';
  const range = address.range();
  if (range === 'unicast' && isGlobal(address)) return 'allowed';
  return mayBePrivate && listable.has(range) ? 'allowed' : 'refused';
}

/** Of IPv6 only 2000::/3 is given out (IANA); `::127.0.0.1` and other remains of older rules are outside. */
function isGlobal(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address.kind() === 'ipv4' || ((address.toByteArray()[0] ?? 0) & 0xe0) === 0x20;
}
