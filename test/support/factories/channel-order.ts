import { createHash } from 'node:crypto';
import type { ChannelOrder, ChannelOrderLine, ChannelReceiver } from '../../../src/connector-kit/index.ts';
import type { InboxEventId } from '../../../src/kernel/index.ts';
import type { OrderDocument } from '../../../src/orders/index.ts';

export function soldLine(externalId: string, facts: Partial<ChannelOrderLine> = {}): ChannelOrderLine {
  return {
    externalId,
    listingExternalId: 'listing-1',
    sku: 'SKU-1',
    title: 'A thing',
    quantity: 1,
    cancelledQuantity: 0,
    fulfilledQuantity: 0,
    unitPrice: '10.00',
    amountMinor: 1_000 * (facts.quantity ?? 1),
    taxes: [],
    fulfilledBy: 'seller',
    isGift: false,
    isPresale: false,
    ...facts,
  };
}

export function receiverOf(facts: Partial<ChannelReceiver['address']> = {}): ChannelReceiver {
  return {
    address: {
      name: 'Ada Lovelace',
      company: '',
      phone: '+49 30 1234567',
      email: 'ada@example.com',
      lines: ['Kaistraße 1'],
      district: '',
      city: 'Hamburg',
      region: '',
      postalCode: '20457',
      countryCode: 'DE',
      ...facts,
    },
    sourcePolicy: 'plain',
    token: null,
    expiresAt: null,
  };
}

/** A paid order of one line; the total is that of its lines unless given. */
export function soldOrder(externalId: string, facts: Partial<ChannelOrder> = {}): ChannelOrder {
  const lines = facts.lines ?? [soldLine('line-1')];
  return {
    externalId,
    number: `N-${externalId}`,
    version: null,
    placedAt: '2026-11-20T10:00:00.123456Z',
    updatedAt: null,
    currency: 'EUR',
    presentment: null,
    pricesIncludeTax: true,
    totalMinor: lines.reduce((sum, line) => sum + line.amountMinor, 0),
    chargedTotal: null,
    lines,
    shipping: [],
    discounts: [],
    payments: [],
    paymentState: 'paid',
    paidAt: '2026-11-20T10:01:00Z',
    refunds: [],
    returns: [],
    packages: [],
    cancelledAt: null,
    cancelReason: null,
    isClosed: false,
    receiver: receiverOf(),
    buyerNote: null,
    shipBy: null,
    shippingService: null,
    holds: [],
    partOfExternalId: null,
    amountsAreReduced: false,
    ...facts,
  };
}

/** The document of an order as it was read `atMs` after some morning. */
export function documentOf(order: ChannelOrder, atMs = 0, inboxEventId: InboxEventId | null = null): OrderDocument {
  return {
    order,
    inboxEventId,
    documentHash: createHash('sha256').update(JSON.stringify(order)).digest(),
    readStartedAt: new Date(Date.UTC(2026, 10, 20, 11) + atMs),
    sourceVersion: order.version,
  };
}
