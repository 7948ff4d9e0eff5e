import { z } from 'zod';

/** Vendure's payloads as we read them; keys that we do not know are kept. Checked on 3.7.3. Ids are text, Money is minor units. */

const id = z.string().min(1);
const money = z.number().int();
const time = z.iso.datetime({ offset: true });

const wireDiscount = z.looseObject({
  adjustmentSource: z.string(),
  description: z.string(),
  amountWithTax: money,
});

const wireLine = z.looseObject({
  id,
  quantity: z.number().int(),
  orderPlacedQuantity: z.number().int(),
  unitPrice: money,
  unitPriceWithTax: money,
  linePriceWithTax: money,
  proratedLinePrice: money,
  proratedLinePriceWithTax: money,
  /** Percent; a JSON number, or text where JS would not hold it exactly. */
  taxRate: z.union([z.number(), z.string()]),
  taxLines: z.array(z.looseObject({ description: z.string(), taxRate: z.union([z.number(), z.string()]) })),
  discounts: z.array(wireDiscount),
  productVariant: z.looseObject({ id, sku: z.string(), name: z.string() }),
});

/** Without `price`: where prices include tax, 3.7.3 gives it unrounded (411.76…), the only such amount of an order. */
const wireShippingLine = z.looseObject({
  id,
  priceWithTax: money,
  discountedPrice: money,
  discountedPriceWithTax: money,
  discounts: z.array(wireDiscount),
  shippingMethod: z.looseObject({ code: z.string(), name: z.string() }),
});

const wireSurcharge = z.looseObject({
  id,
  description: z.string(),
  price: money,
  priceWithTax: money,
  taxRate: z.union([z.number(), z.string()]),
});

const wireQuantity = z.looseObject({ orderLineId: id, quantity: z.number().int() });

const wireRefund = z.looseObject({
  id,
  state: z.string(),
  total: money,
  reason: z.string().nullable(),
  createdAt: time,
  lines: z.array(wireQuantity),
});

const wirePayment = z.looseObject({
  id,
  method: z.string(),
  amount: money,
  state: z.string(),
  createdAt: time,
  refunds: z.array(wireRefund),
});

const wireFulfilment = z.looseObject({
  id,
  state: z.string(),
  method: z.string(),
  trackingCode: z.string().nullable(),
  lines: z.array(wireQuantity),
});

const text = z.string().nullish();

const wireAddress = z.looseObject({
  fullName: text,
  company: text,
  streetLine1: text,
  streetLine2: text,
  city: text,
  province: text,
  postalCode: text,
  countryCode: text,
  phoneNumber: text,
});

export const wireOrder = z.looseObject({
  id,
  code: z.string().min(1),
  state: z.string(),
  updatedAt: time,
  createdAt: time,
  orderPlacedAt: time.nullable(),
  currencyCode: z.string(),
  totalWithTax: money,
  channels: z.array(z.looseObject({ pricesIncludeTax: z.boolean() })),
  customer: z.looseObject({ emailAddress: z.string(), firstName: text, lastName: text, phoneNumber: text }).nullable(),
  shippingAddress: wireAddress.nullable(),
  lines: z.array(wireLine),
  shippingLines: z.array(wireShippingLine),
  surcharges: z.array(wireSurcharge),
  promotions: z.array(z.looseObject({ id, couponCode: text })),
  payments: z.array(wirePayment).nullable(),
  fulfillments: z.array(wireFulfilment).nullable(),
  history: z.looseObject({
    items: z.array(z.looseObject({ type: z.string(), createdAt: time, data: z.record(z.string(), z.unknown()) })),
  }),
});

export type WireOrder = z.infer<typeof wireOrder>;
export type WireLine = z.infer<typeof wireLine>;
export type WireShippingLine = z.infer<typeof wireShippingLine>;
export type WireDiscount = z.infer<typeof wireDiscount>;
export type WirePayment = z.infer<typeof wirePayment>;
export type WireFulfilment = z.infer<typeof wireFulfilment>;

/** A page of orders before their meaning is read: only what paging needs. */
export const wireOrderPage = z.looseObject({
  orders: z.looseObject({
    totalItems: z.number().int(),
    items: z.array(z.looseObject({ id, orderPlacedAt: time, updatedAt: time })),
  }),
});

export const wireOrderClock = z.looseObject({
  orders: z.looseObject({ totalItems: z.number().int(), items: z.array(z.looseObject({ id, updatedAt: time })) }),
});

const tracking = z.enum(['TRUE', 'FALSE', 'INHERIT']);

export const wireListingPage = z.looseObject({
  globalSettings: z.looseObject({ trackInventory: z.boolean() }),
  productVariants: z.looseObject({
    items: z.array(
      z.looseObject({
        id,
        sku: z.string(),
        name: z.string(),
        enabled: z.boolean(),
        createdAt: time,
        priceWithTax: money,
        currencyCode: z.string(),
        trackInventory: tracking,
        product: z.looseObject({ id, enabled: z.boolean() }),
      }),
    ),
  }),
});

export const wireStockPage = z.looseObject({
  globalSettings: z.looseObject({ trackInventory: z.boolean(), outOfStockThreshold: z.number().int() }),
  productVariants: z.looseObject({
    items: z.array(
      z.looseObject({
        id,
        trackInventory: tracking,
        outOfStockThreshold: z.number().int(),
        useGlobalOutOfStockThreshold: z.boolean(),
        stockLevels: z.array(
          z.looseObject({ stockLocationId: id, stockOnHand: z.number().int(), stockAllocated: z.number().int() }),
        ),
      }),
    ),
  }),
});

export const wireLocationPage = z.looseObject({
  stockLocations: z.looseObject({ items: z.array(z.looseObject({ id, name: z.string() })) }),
});

export const wireChannel = z.looseObject({
  activeChannel: z.looseObject({
    code: z.string(),
    defaultCurrencyCode: z.string(),
    seller: z.looseObject({ name: z.string() }).nullable(),
  }),
});

/** What a mutation's union gives back when it went well. */
export const wireMade = z.looseObject({ id, state: z.string().optional() });
