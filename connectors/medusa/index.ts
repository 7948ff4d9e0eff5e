import { defineConnector } from '../../src/connector-kit/index.ts';
import { getMedusa } from './client.ts';
import { listings } from './listings.ts';
import { orders } from './orders.ts';
import { medusaSettings } from './settings.ts';
import { shipments } from './shipments.ts';
import { stock } from './stock.ts';
import { wireStorePage } from './wire.ts';

/** Medusa v2 over its Admin REST API. Its core has no webhooks: everything is polled. */
export const medusa = defineConnector({
  code: 'medusa',
  label: { en: 'Medusa', zh: 'Medusa 商城' },
  settings: medusaSettings,
  origin: (settings) => new URL(settings.baseUrl).origin,
  check: async (io) => {
    const { stores } = await getMedusa(io, '/stores', [['limit', '1']], wireStorePage);
    const [store] = stores;
    const currency = store?.supported_currencies?.find((each) => each.is_default)?.currency_code ?? 'eur';
    return { shopName: store?.name ?? 'Medusa', currency: currency.toUpperCase(), timeZone: null };
  },
  orders,
  listings,
  stock,
  shipments,
  facts: {
    versions: '2.x',
    packages: 'partial',
    cancels: 'partial',
    refunds: 'partial',
    notes: [
      'Medusa core has no webhooks.',
      'Amounts are charged unrounded: the order keeps what was charged and is rounded once.',
      'A capture does not move the change clock: open orders are read again.',
      'A part of an order can be cancelled once its payment is captured, and pays nothing back.',
      'Kits and packs of what is also sold singly are not told a number: Medusa works it out.',
    ],
  },
});
