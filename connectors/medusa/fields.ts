/** What is asked for in `fields=`. `*` is a relation with all its own columns, and the `raw_` twins come with them. */

const itemFields = [
  '*items',
  '*items.detail',
  '*items.tax_lines',
  '*items.adjustments',
  'items.variant.inventory_items.inventory_item_id',
  'items.variant.inventory_items.required_quantity',
];

export const orderFields = [
  'id',
  'display_id',
  'custom_display_id',
  'status',
  'version',
  'email',
  'currency_code',
  'sales_channel_id',
  'created_at',
  'updated_at',
  'canceled_at',
  'total',
  ...itemFields,
  '*shipping_methods',
  '*shipping_methods.tax_lines',
  '*shipping_methods.adjustments',
  '*shipping_address',
  '*credit_lines',
  '*payment_collections.payments',
  '*payment_collections.payments.captures',
  '*payment_collections.payments.refunds',
  '*fulfillments',
  '*fulfillments.items',
  '*fulfillments.labels',
  '*returns',
  '*returns.items',
  '*returns.items.reason',
].join(',');

/** The lines as they were first sold, of `?version=1`. */
export const firstItemsFields = ['id', 'total', ...itemFields].join(',');

const inventoryFields = [
  'id',
  'manage_inventory',
  'allow_backorder',
  'inventory_items.inventory_item_id',
  'inventory_items.required_quantity',
  'inventory_items.inventory.id',
  'inventory_items.inventory.variants.id',
  'inventory_items.inventory.variants.manage_inventory',
  'inventory_items.inventory.variants.inventory_items.inventory_item_id',
  'inventory_items.inventory.variants.inventory_items.required_quantity',
];

export const listingFields = [
  ...inventoryFields,
  'sku',
  'barcode',
  'ean',
  'upc',
  'title',
  'created_at',
  'product.id',
  'product.title',
  'product.status',
  'prices.amount',
  'prices.currency_code',
  'prices.min_quantity',
  'prices.rules',
].join(',');

export const stockFields = [
  ...inventoryFields,
  'inventory_items.inventory.location_levels.location_id',
  'inventory_items.inventory.location_levels.stocked_quantity',
  'inventory_items.inventory.location_levels.reserved_quantity',
].join(',');
