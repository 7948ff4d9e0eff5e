/** Everything a token may be allowed, in one table; what is not named here is denied. `*` on a token means all of them. */
export const scopes = {
  'catalog:read': 'See products, SKUs and barcodes',
  'catalog:write': 'Create and change products, SKUs and barcodes',
  'shops:read': 'See shops, their health, locations and listings',
  'shops:write': 'Connect and change shops, map listings and locations',
  'stock:read': 'See warehouses, levels and moves',
  'stock:write': 'Receive, count and adjust stock',
  'orders:read': 'See orders and the inbox',
  'orders:write': 'Hold, cancel and refund orders',
  'orders:push': "Hand in orders and listings of a store of one's own",
  'shipments:read': 'See shipments',
  'shipments:write': 'Split, merge and ship out shipments',
  'invoices:read': 'See invoices, whom they were issued to, and their settings',
  'invoices:write': 'Request invoices, change their settings, confirm their series',
  'audit:read': 'See the audit, lanes and exceptions',
  'tokens:write': 'Create, list and revoke tokens',
} as const;

export type Scope = keyof typeof scopes;

export const allScopes = '*';

export function isScope(text: string): text is Scope {
  return Object.hasOwn(scopes, text);
}
