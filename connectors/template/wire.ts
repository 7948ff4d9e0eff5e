import { z } from 'zod';

/** The vendor's payloads. Ids are text, amounts are decimal text in major units. Unknown keys are kept. */

const id = z.string().min(1);
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
const time = z.iso.datetime({ offset: true });
const units = z.number().int().min(0);

const wireUnits = z.looseObject({ item_id: id, quantity: units });

const wireItem = z.looseObject({
  id,
  variant_id: id.nullable(),
  sku: z.string().nullable(),
  title: z.string(),
  quantity: units,
  cancelled: units,
  shipped: units,
  unit_price: decimal,
  amount: decimal,
  tax: z.looseObject({ title: z.string(), rate: decimal, amount: decimal }).nullable(),
});

const wirePackage = z.looseObject({
  id,
  reference: z.string().nullable(),
  tracking_number: z.string().nullable(),
  carrier: z.string().nullable(),
  status: z.string(),
  items: z.array(wireUnits),
});

const wireRefund = z.looseObject({
  id,
  reference: z.string().nullable(),
  amount: decimal,
  reason: z.string().nullable(),
  created_at: time,
});

const wirePayment = z.looseObject({ id, method: z.string(), amount: decimal, paid_at: time.nullable() });

const wireAddress = z.looseObject({
  name: z.string(),
  phone: z.string(),
  email: z.string(),
  street: z.string(),
  city: z.string(),
  postal_code: z.string(),
  country_code: z.string(),
});

export const wireOrder = z.looseObject({
  id,
  number: z.string(),
  /** Rises with every change. */
  revision: units,
  created_at: time,
  updated_at: time,
  status: z.string(),
  payment_status: z.string(),
  currency: z.string(),
  prices_include_tax: z.boolean(),
  total: decimal,
  items: z.array(wireItem).min(1),
  shipping: z.looseObject({ id, title: z.string(), amount: decimal }).nullable(),
  discount: z.looseObject({ code: z.string().nullable(), title: z.string(), amount: decimal }).nullable(),
  payments: z.array(wirePayment),
  refunds: z.array(wireRefund),
  packages: z.array(wirePackage),
  cancelled_at: time.nullable(),
  cancel_reason: z.string().nullable(),
  address: wireAddress.nullable(),
  note: z.string().nullable(),
});

/** What a list needs of each order: the rest is stored as it came and read by `toChannelOrder`. */
export const wireOrderHead = z.looseObject({ id, revision: units, updated_at: time });
export const wireOrderPage = z.looseObject({ orders: z.array(z.unknown()), next_cursor: z.string().nullable() });
export const wireCount = z.looseObject({ count: units });
export const wireCreated = z.looseObject({ id });
export const wireShop = z.looseObject({ name: z.string(), currency: z.string(), time_zone: z.string().nullable() });

const wireVariant = z.looseObject({
  id,
  product_id: id,
  sku: z.string().nullable(),
  barcode: z.string().nullable(),
  title: z.string(),
  price: decimal,
  active: z.boolean(),
  counts_stock: z.boolean(),
});
export const wireVariantPage = z.looseObject({ variants: z.array(wireVariant), next_cursor: z.string().nullable() });

export const wireStock = z.looseObject({
  stock: z.array(z.looseObject({ variant_id: id, available: z.number().int() })),
});
export const wireStockResults = z.looseObject({
  results: z.array(
    z.looseObject({
      variant_id: id,
      error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
    }),
  ),
});

export const wireEvent = z.looseObject({ event: z.string(), order_id: id.nullable() });
export const wireError = z.looseObject({ error: z.looseObject({ code: z.string(), message: z.string() }) });

export type WireOrder = z.infer<typeof wireOrder>;
export type WireItem = z.infer<typeof wireItem>;
export type WireVariant = z.infer<typeof wireVariant>;
