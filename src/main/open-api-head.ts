import { version } from './version.ts';

/** What each tag holds, in the order of a working day. A test finds a route whose tag is not here. */
const tags: Readonly<Record<string, string>> = {
  orders: 'Orders as the channels sold them: list, look, hold, cancel, refund, and why they stand as they do',
  shipments: 'Parcels: split, merge, ship out, correct tracking',
  returns: 'Returns and refunds that wait for a decision',
  invoices: 'Invoices and credit notes, their series and settings',
  stock: 'Warehouses, levels, receipts and counts',
  catalog: 'Products, SKUs and barcodes',
  listings: 'What shops sell, mapped to SKUs, and why a number is what it is',
  shops: 'Sellers’ accounts on channels: connect, pause, locations, warehouses',
  'own-store': 'A store of one’s own pushes orders and listings here',
  deliveries: 'What was sent to a store of one’s own, and sending it again',
  inbox: 'Messages from channels: what came, what is parked, sending it through again',
  tokens: 'API tokens and their scopes',
  operations: 'Audit, doctor, lanes, exceptions and recovery',
};

const description = `Orders, stock and shipments of every shop.

**Signing in.** Send an API token as \`Authorization: Bearer …\`. Each route names the scope it needs; \`*\` has all of them.

**Errors** are problem+json (RFC 9457) with a stable \`code\`; \`fields\` names what was not valid, \`requestId\` finds it in the log.

**Lists** are paged by key: pass \`next\` of one page as \`after\` of the next, until it is null.

**Repeating safely.** Send an \`Idempotency-Key\` with anything that changes something: the same key and body get the same answer,
the same key with another body is refused. What carries a version is changed with \`If-Match\`.

**Money** is in integer minor units with its currency. Times are ISO 8601 in UTC. Ids from channels are text.`;

export const openApiHead = {
  openapi: '3.1.0',
  info: { title: 'Wharf', version, description },
  servers: [{ url: '/', description: 'This hub' }],
  tags: Object.entries(tags).map(([name, text]) => ({ name, description: text })),
};
