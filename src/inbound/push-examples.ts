import type { ToldListing, ToldOrder } from '../connector-kit/index.ts';

/** What the API's description shows of a store of one's own. */
export const orderExample: ToldOrder = {
  externalId: '1042',
  number: 'W-1042',
  version: '1',
  placedAt: '2026-03-01T09:15:00+01:00',
  updatedAt: '2026-03-01T09:15:00+01:00',
  currency: 'EUR',
  pricesIncludeTax: true,
  totalMinor: 2_990,
  lines: [
    {
      externalId: '1042-1',
      listingExternalId: 'mug-blue',
      sku: 'MUG-BLUE',
      title: 'Blue mug',
      quantity: 2,
      unitPrice: '12.50',
      amountMinor: 2_500,
      taxes: [{ title: 'VAT', ratePercent: '19', amountMinor: 399 }],
    },
  ],
  shipping: [{ externalId: 'dhl', title: 'DHL parcel', amountMinor: 490 }],
  payments: [
    {
      externalId: 'pay-1042',
      method: 'card',
      state: 'paid',
      amountMinor: 2_990,
      paidAt: '2026-03-01T09:15:02+01:00',
    },
  ],
  paymentState: 'paid',
  paidAt: '2026-03-01T09:15:02+01:00',
  receiver: {
    address: {
      name: 'Ada Example',
      phone: '+49 30 0000000',
      email: 'ada@example.com',
      lines: ['Teststraße 1'],
      city: 'Berlin',
      postalCode: '10115',
      countryCode: 'DE',
    },
  },
  shippingService: 'standard',
};

export const listingExample: ToldListing = {
  externalId: 'mug-blue',
  parentExternalId: 'mug',
  sku: 'MUG-BLUE',
  barcode: '4006381333931',
  title: 'Blue mug',
  price: '12.50',
};
