import { catalogue, couponCode, locationNames, type CatalogueItem } from '../catalogue.ts';
import type { GraphqlClient, Json } from './graphql.ts';

export type SeededShop = {
  /** External ids of the two stock locations, in the order of `locationNames`. */
  readonly locations: readonly [string, string];
  /** SKU → external id of its variant. */
  readonly variants: ReadonlyMap<string, string>;
  readonly currency: string;
};

/**
 * Makes an empty Vendure into the live shop: currency EUR, two stock locations, the catalogue with stock at both, and the
 * coupon. `pricesIncludeTax` is the channel's setting; both bases round differently, so both are worth a run.
 */
export async function seedShop(admin: GraphqlClient, options: { pricesIncludeTax: boolean }): Promise<SeededShop> {
  const { activeChannel, stockLocations } = await admin('{ activeChannel { id } stockLocations { items { id } } }');
  await updateChannel(admin, activeChannel.id, options.pricesIncludeTax);
  const first: string = stockLocations.items[0].id;
  await admin('mutation ($input: UpdateStockLocationInput!) { updateStockLocation(input: $input) { id } }', {
    input: { id: first, name: locationNames[0] },
  });
  const { createStockLocation } = await admin(
    'mutation ($input: CreateStockLocationInput!) { createStockLocation(input: $input) { id } }',
    { input: { name: locationNames[1] } },
  );
  const locations = [first, createStockLocation.id] as const;
  const variants = await createCatalogue(admin, locations);
  await createCoupon(admin);
  return { locations, variants, currency: 'EUR' };
}

/** Sets the channel's tax basis and currency; open carts keep the old prices. */
export async function updateChannel(admin: GraphqlClient, id: string, pricesIncludeTax: boolean): Promise<void> {
  await admin(
    `mutation ($input: UpdateChannelInput!) {
      updateChannel(input: $input) { ... on Channel { id } ... on ErrorResult { errorCode message } }
    }`,
    { input: { id, pricesIncludeTax, defaultCurrencyCode: 'EUR', availableCurrencyCodes: ['EUR'] } },
  );
}

async function createCatalogue(
  admin: GraphqlClient,
  locations: readonly [string, string],
): Promise<Map<string, string>> {
  const { taxCategories } = await admin('{ taxCategories { items { id name } } }');
  const taxIds = new Map<string, string>(taxCategories.items.map((entry: Json) => [entry.name, entry.id]));
  const inputs: Json[] = [];
  for (const entry of catalogue) inputs.push(await createProduct(admin, entry, locations, taxIds));
  const { createProductVariants } = await admin(
    'mutation ($input: [CreateProductVariantInput!]!) { createProductVariants(input: $input) { id sku } }',
    { input: inputs },
  );
  return new Map(createProductVariants.map((variant: Json) => [variant.sku, variant.id]));
}

/** Makes the product and answers with the input of its one variant. */
async function createProduct(
  admin: GraphqlClient,
  entry: CatalogueItem,
  locations: readonly [string, string],
  taxIds: ReadonlyMap<string, string>,
): Promise<Json> {
  const { createProduct: product } = await admin(
    'mutation ($input: CreateProductInput!) { createProduct(input: $input) { id } }',
    {
      input: {
        enabled: true,
        translations: [{ languageCode: 'en', name: entry.name, slug: entry.sku.toLowerCase(), description: '' }],
      },
    },
  );
  return {
    productId: product.id,
    sku: entry.sku,
    price: entry.price,
    taxCategoryId: taxIds.get(entry.tax),
    trackInventory: 'TRUE',
    translations: [{ languageCode: 'en', name: entry.name }],
    stockLevels: entry.stock.map((stockOnHand, index) => ({ stockLocationId: locations[index], stockOnHand })),
  };
}

async function createCoupon(admin: GraphqlClient): Promise<void> {
  await admin(
    `mutation ($input: CreatePromotionInput!) {
      createPromotion(input: $input) { ... on Promotion { id } ... on ErrorResult { errorCode message } }
    }`,
    {
      input: {
        enabled: true,
        couponCode,
        conditions: [],
        actions: [{ code: 'order_percentage_discount', arguments: [{ name: 'discount', value: '10' }] }],
        translations: [{ languageCode: 'en', name: 'Ten per cent off' }],
      },
    },
  );
}
