import { z } from 'zod';

/**
 * Medusa's payloads as we read them, checked on 2.21.2; keys that we do not know are kept. Amounts are never rounded and
 * come twice, as a JSON number and as `raw_…` with exact text: only the text is read.
 */

const id = z.string().min(1);
const time = z.iso.datetime({ offset: true });
const amount = z.looseObject({ value: z.string() }).transform((raw) => raw.value);
const units = z.number().int();
const text = z.string().nullish();

const wireTaxLine = z.looseObject({
  code: z.string(),
  description: text,
  /** Percent; text where JS would not hold it exactly. */
  rate: z.union([z.number(), z.string()]),
  raw_total: amount,
});

const wireAdjustment = z.looseObject({
  code: text,
  description: text,
  /** With tax, unlike `raw_amount`. */
  raw_total: amount,
});

const wireInventoryShare = z.looseObject({ inventory_item_id: id, required_quantity: units });

/** Units of a line that came back: Medusa no longer counts them in the line's amounts. */
const returnedUnits = { return_received_quantity: units.nullish(), return_dismissed_quantity: units.nullish() };

const wireItem = z.looseObject({
  id,
  title: z.string(),
  product_title: text,
  variant_title: text,
  variant_id: id.nullish(),
  variant_sku: text,
  quantity: units,
  raw_unit_price: amount,
  /** With tax, before and after adjustments. */
  raw_original_total: amount,
  raw_total: amount,
  tax_lines: z.array(wireTaxLine),
  adjustments: z.array(wireAdjustment),
  detail: z.looseObject({ ...returnedUnits, fulfilled_quantity: units }),
  variant: z.looseObject({ inventory_items: z.array(wireInventoryShare).nullish() }).nullish(),
});

const wireShippingMethod = z.looseObject({
  id,
  name: z.string(),
  raw_original_total: amount,
  raw_total: amount,
  tax_lines: z.array(wireTaxLine),
  adjustments: z.array(wireAdjustment),
});

const wirePayment = z.looseObject({
  id,
  provider_id: z.string(),
  raw_amount: amount,
  captured_at: time.nullish(),
  canceled_at: time.nullish(),
  captures: z.array(z.looseObject({ raw_amount: amount, created_at: time })).nullish(),
  refunds: z.array(z.looseObject({ id, raw_amount: amount, note: text, created_at: time })).nullish(),
});

const wireReturn = z.looseObject({
  id,
  status: z.string(),
  created_at: time,
  requested_at: time.nullish(),
  items: z
    .array(
      z.looseObject({
        item_id: id,
        quantity: units,
        note: text,
        reason: z.looseObject({ label: z.string() }).nullish(),
      }),
    )
    .nullish(),
});

const wireFulfilment = z.looseObject({
  id,
  provider_id: text,
  shipped_at: time.nullish(),
  delivered_at: time.nullish(),
  canceled_at: time.nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  items: z
    .array(z.looseObject({ line_item_id: id.nullish(), inventory_item_id: id.nullish(), quantity: units }))
    .nullish(),
  labels: z.array(z.looseObject({ tracking_number: z.string() })).nullish(),
});

const wireAddress = z.looseObject({
  first_name: text,
  last_name: text,
  company: text,
  address_1: text,
  address_2: text,
  city: text,
  province: text,
  postal_code: text,
  country_code: text,
  phone: text,
});

export const wireOrder = z.looseObject({
  id,
  display_id: z.union([z.number(), z.string()]),
  custom_display_id: text,
  status: z.string(),
  version: units,
  email: text,
  currency_code: z.string(),
  created_at: time,
  updated_at: time,
  canceled_at: time.nullish(),
  items: z.array(wireItem),
  shipping_methods: z.array(wireShippingMethod),
  shipping_address: wireAddress.nullish(),
  credit_lines: z.array(z.looseObject({ id, reference: text, raw_amount: amount, created_at: time })).nullish(),
  payment_collections: z.array(z.looseObject({ payments: z.array(wirePayment).nullish() })).nullish(),
  fulfillments: z.array(wireFulfilment).nullish(),
  /** Missing in documents that were stored before they were asked for. */
  returns: z.array(wireReturn).nullish(),
  /** Ours, not Medusa's: lines of the first version of which units were taken away since (see read-first-items.ts). */
  first_items: z.array(wireItem).default([]),
});

export type WireOrder = z.infer<typeof wireOrder>;
export type WireItem = z.infer<typeof wireItem>;
export type WireShippingMethod = z.infer<typeof wireShippingMethod>;
export type WirePayment = z.infer<typeof wirePayment>;
export type WireFulfilment = z.infer<typeof wireFulfilment>;

const wireCountedItem = z.looseObject({ id, quantity: units, detail: z.looseObject(returnedUnits).nullish() });
export type WireCountedItem = z.infer<typeof wireCountedItem>;

/** An order before its meaning is read: only what paging and the first version need. */
const wireOrderHead = z.looseObject({
  id,
  version: units,
  updated_at: time,
  created_at: time,
  items: z.array(wireCountedItem),
  payment_collections: z.array(z.looseObject({ payments: z.array(z.looseObject({ id })).nullish() })).nullish(),
});
export type WireOrderHead = z.infer<typeof wireOrderHead>;

export const wireOrderPage = z.looseObject({ orders: z.array(wireOrderHead), count: units });
export const wireFirstItems = z.looseObject({ order: z.looseObject({ items: z.array(wireCountedItem) }) });

const wireShares = z.array(wireInventoryShare).nullish();

const wireInventoryItem = z.looseObject({
  id,
  variants: z
    .array(z.looseObject({ id, manage_inventory: z.boolean(), inventory_items: wireShares }).nullable())
    .nullish(),
  location_levels: z
    .array(z.looseObject({ location_id: id, stocked_quantity: units, reserved_quantity: units }))
    .nullish(),
});

const wireVariantInventory = {
  id,
  manage_inventory: z.boolean(),
  allow_backorder: z.boolean(),
  inventory_items: z
    .array(z.looseObject({ inventory_item_id: id, required_quantity: units, inventory: wireInventoryItem.nullish() }))
    .nullish(),
};

const wireVariant = z.looseObject(wireVariantInventory);
export type WireVariant = z.infer<typeof wireVariant>;
export const wireVariantPage = z.looseObject({ variants: z.array(wireVariant) });

const wirePrice = z.looseObject({
  amount: z.union([z.number(), z.string()]).nullish(),
  currency_code: z.string(),
  min_quantity: z.union([z.number(), z.string()]).nullish(),
  rules: z.record(z.string(), z.unknown()).nullish(),
});

export const wireListingPage = z.looseObject({
  variants: z.array(
    z.looseObject({
      ...wireVariantInventory,
      sku: text,
      barcode: text,
      ean: text,
      upc: text,
      title: text,
      created_at: time,
      product: z.looseObject({ id, title: z.string(), status: z.string() }).nullish(),
      prices: z.array(wirePrice).nullish(),
    }),
  ),
});

export const wireLocationPage = z.looseObject({
  stock_locations: z.array(z.looseObject({ id, name: z.string() })),
});

export const wireStorePage = z.looseObject({
  stores: z.array(
    z.looseObject({
      name: z.string(),
      supported_currencies: z.array(z.looseObject({ currency_code: z.string(), is_default: z.boolean() })).nullish(),
    }),
  ),
});

/** What a write gives back is not read further: the order is read again. */
export const wireWritten = z.looseObject({});

export const wireFulfilled = z.looseObject({
  order: z.looseObject({
    fulfillments: z.array(z.looseObject({ id, metadata: z.record(z.string(), z.unknown()).nullish() })),
  }),
});

export const wireRefunded = z.looseObject({
  payment: z.looseObject({ refunds: z.array(z.looseObject({ id, note: text })) }),
});
