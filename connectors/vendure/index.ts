import { defineConnector } from '../../src/connector-kit/index.ts';
import { callVendure, readWire } from './client.ts';
import { checkDocument } from './documents.ts';
import { listings } from './listings.ts';
import { orders } from './orders.ts';
import { vendureSettings } from './settings.ts';
import { shipments } from './shipments.ts';
import { stock } from './stock.ts';
import { wireChannel } from './wire.ts';

/** Vendure over its Admin GraphQL API. It has no webhooks: everything is polled. */
export const vendure = defineConnector({
  code: 'vendure',
  label: { en: 'Vendure', zh: 'Vendure 商城' },
  settings: vendureSettings,
  origin: (settings) => new URL(settings.adminApiUrl).origin,
  check: async (io) => {
    const data = await callVendure(io, { document: checkDocument, variables: {} });
    const { activeChannel } = readWire(wireChannel, data);
    return {
      shopName: activeChannel.seller?.name ?? activeChannel.code,
      currency: activeChannel.defaultCurrencyCode,
      timeZone: null,
    };
  },
  orders,
  listings,
  stock,
  shipments,
  facts: {
    versions: '3.x',
    packages: 'partial',
    cancels: 'partial',
    refunds: 'partial',
    notes: [
      'Vendure core has no webhooks.',
      'Payments, shipping, delivery and refunds do not move the change clock: open orders are read again.',
      'A parcel has no place for a tracking URL.',
      'A refund is made on one payment.',
    ],
  },
});
