import { z } from 'zod';

/**
 * The sandbox's payloads, as `parseLossless` reads them: an id or amount arrives as exact text, or as a number where JS
 * holds it exactly. Unknown keys are kept, or not looked at where only a few are wanted.
 */

/** Twenty digits as JSON number on the wire; text here. */
export const idText = z.union([z.string().regex(/^\d{1,40}$/), z.number().int().min(0)]).transform(String);
/** Major units with the currency's decimals. */
export const decimalText = z.union([z.string().regex(/^-?\d+(\.\d+)?$/), z.number()]).transform(String);
const time = z.iso.datetime({ offset: true });
const units = z.number().int().min(0);

const wireTax = z.looseObject({ title: z.string(), rate: decimalText, amount: decimalText });
const wireUnits = z.looseObject({ line_id: idText, quantity: units });

const wireLine = z.looseObject({
  id: idText,
  listing_id: idText.nullable(),
  sku: z.string().nullable(),
  title: z.string(),
  quantity: units,
  cancelled_quantity: units,
  fulfilled_quantity: units,
  unit_price: decimalText,
  amount: decimalText,
  taxes: z.array(wireTax),
  gift: z.boolean(),
});

const wireFulfilment = z.looseObject({
  id: idText,
  reference: z.string().nullable(),
  tracking_number: z.string().nullable(),
  carrier: z.string().nullable(),
  status: z.string(),
  lines: z.array(wireUnits),
});

const wireRefund = z.looseObject({
  id: idText,
  payment_id: idText.nullable(),
  request_id: z.string().nullable(),
  amount: decimalText,
  reason: z.string().nullable(),
  created_at: time,
  lines: z.array(wireUnits),
});

const wireReturn = z.looseObject({
  id: idText,
  status: z.string(),
  reason: z.string(),
  created_at: time,
  lines: z.array(wireUnits),
});

const wirePayment = z.looseObject({
  id: idText,
  method: z.string(),
  status: z.string(),
  amount: decimalText,
  paid_at: time.nullable(),
});

const wireDiscount = z.looseObject({
  code: z.string().nullable(),
  title: z.string(),
  amount: decimalText,
  funded_by: z.string(),
  line_id: idText.nullable(),
});

const wireAddress = z.looseObject({
  name: z.string(),
  phone: z.string(),
  email: z.string(),
  lines: z.array(z.string()),
  district: z.string(),
  city: z.string(),
  region: z.string(),
  postal_code: z.string(),
  country_code: z.string(),
});

export const wireOrder = z.looseObject({
  id: idText,
  number: z.string(),
  placed_at: time,
  updated_at: time,
  currency: z.string(),
  prices_include_tax: z.boolean(),
  total: decimalText,
  payment_status: z.string(),
  lines: z.array(wireLine).min(1),
  shipping: z.looseObject({ id: idText, title: z.string(), amount: decimalText, taxes: z.array(wireTax) }).nullable(),
  discounts: z.array(wireDiscount),
  payments: z.array(wirePayment),
  refunds: z.array(wireRefund),
  /** Missing in documents stored before the shop knew returns. */
  returns: z.array(wireReturn).default([]),
  fulfilments: z.array(wireFulfilment),
  cancelled_at: time.nullable(),
  cancel_reason: z.string().nullable(),
  ship_to: wireAddress.nullable(),
  note: z.string().nullable(),
  risk: z.string(),
  ship_by: time.nullable(),
  /** Only of shops that split orders by themselves. */
  part_of: idText.nullable().default(null),
});

/** What is different in a shop that masks: one status word, and a receiver of stars with a token. The rest is kept. */
export const wireMaskedOrder = z.looseObject({
  status: z.string(),
  receiver: z.looseObject({
    name: z.string(),
    phone: z.string(),
    address: z.string(),
    district: z.string(),
    city: z.string(),
    region: z.string(),
    country_code: z.string(),
    oaid: z.string(),
    oaid_expires_at: time,
  }),
});

/** What a list needs of each order: the rest is kept as raw text and read by `toChannelOrder`. */
export const wireOrderHead = z.object({ id: idText, updated_at: z.string() });
export const wireVersion = z.object({ version: units });
export const wireOrderPage = z.looseObject({ orders: z.array(z.unknown()), next_cursor: z.string().nullable() });
export const wireNumberedPage = z.looseObject({ orders: z.array(z.unknown()), has_more: z.boolean() });
export const wireCount = z.looseObject({ count: units });
export const wireCreated = z.looseObject({ id: idText });
export const wireShop = z.looseObject({ name: z.string(), currency: z.string(), time_zone: z.string() });

const wireListing = z.looseObject({
  id: idText,
  product_id: idText,
  sku: z.string().nullable(),
  barcode: z.string().nullable(),
  title: z.string(),
  price: decimalText,
  active: z.boolean(),
  tracks_stock: z.boolean(),
});
export const wireListingPage = z.looseObject({ listings: z.array(wireListing), next_cursor: z.string().nullable() });

export const wireLocations = z.looseObject({ locations: z.array(z.looseObject({ id: idText, name: z.string() })) });

export const wireStock = z.looseObject({
  stock: z.array(
    z.looseObject({
      listing_id: idText,
      saleable: z.number().int(),
      version: units.optional(),
      levels: z.array(z.looseObject({ location_id: idText, quantity: z.number().int() })),
    }),
  ),
});

export const wireStockResults = z.looseObject({
  results: z.array(
    z.looseObject({
      listing_id: idText,
      error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
    }),
  ),
});

/** A webhook that carries the order under `order`. */
export const wireWebhook = z.object({ id: z.string(), event: z.string() });
/** A webhook that says only which order it is about. */
export const wireThinWebhook = z.looseObject({ id: z.string(), event: z.string(), order_id: idText });
export const wireMessage = z.looseObject({ message_id: z.string(), topic: z.string(), tid: idText });
export const wireTokens = z.looseObject({ access_token: z.string(), refresh_token: z.string(), expires_at: time });
export const wireError = z.looseObject({ error: z.looseObject({ code: z.string(), message: z.string() }) });

export type WireOrder = z.infer<typeof wireOrder>;
export type WireLine = z.infer<typeof wireLine>;
export type WireTax = z.infer<typeof wireTax>;
