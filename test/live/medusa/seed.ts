import { catalogue, couponCode, locationNames, type CatalogueItem } from '../catalogue.ts';
import type { Json, RestClient } from './rest.ts';

export type SeededShop = {
  /** External ids of the two stock locations, in the order of `locationNames`. */
  readonly locations: readonly [string, string];
  /** SKU → external id of its variant. */
  readonly variants: ReadonlyMap<string, string>;
  readonly publishableKey: string;
  readonly secretKey: string;
  /** Germany, where tax is added to the price, and Austria, where the price includes it. */
  readonly regions: { readonly net: string; readonly gross: string };
};

const taxRates = { Standard: 19, Reduced: 7, Zero: 0 } as const;

/** Makes an empty Medusa into the live shop: two regions and tax bases, two locations, the catalogue, shipping, the coupon. */
export async function seedShop(admin: RestClient): Promise<SeededShop> {
  const { stores } = await admin.get('/admin/stores');
  const { sales_channels: channels } = await admin.get('/admin/sales-channels');
  const channelId: string =
    channels[0]?.id ?? (await admin.post('/admin/sales-channels', { name: 'Web' })).sales_channel.id;
  await admin.post(`/admin/stores/${stores[0].id}`, {
    supported_currencies: [{ currency_code: 'eur', is_default: true }],
    default_sales_channel_id: channelId,
  });
  const publishable = (await admin.post('/admin/api-keys', { title: 'web', type: 'publishable' })).api_key;
  await admin.post(`/admin/api-keys/${publishable.id}/sales-channels`, { add: [channelId] });
  const secret = (await admin.post('/admin/api-keys', { title: 'hub', type: 'secret' })).api_key;
  const regions = {
    net: await makeRegion(admin, 'Germany', 'de', false),
    gross: await makeRegion(admin, 'Austria', 'at', true),
  };
  const locations = [
    await makeLocation(admin, locationNames[0], channelId),
    await makeLocation(admin, locationNames[1], channelId),
  ] as const;
  const profileId = await makeShipping(admin, locations[0]);
  const variants = await makeCatalogue(admin, { channelId, profileId, locations });
  await admin.post('/admin/promotions', {
    code: couponCode,
    type: 'standard',
    status: 'active',
    is_automatic: false,
    application_method: {
      type: 'percentage',
      target_type: 'items',
      allocation: 'across',
      value: 10,
      currency_code: 'eur',
    },
  });
  return { locations, variants, publishableKey: publishable.token, secretKey: secret.token, regions };
}

async function makeRegion(admin: RestClient, name: string, country: string, isTaxInclusive: boolean): Promise<string> {
  const { region } = await admin.post('/admin/regions', {
    name,
    currency_code: 'eur',
    countries: [country],
    payment_providers: ['pp_system_default'],
    automatic_taxes: true,
    is_tax_inclusive: isTaxInclusive,
  });
  await admin.post('/admin/tax-regions', {
    country_code: country,
    provider_id: 'tp_system',
    default_tax_rate: { name: 'Standard', code: `${country}-standard`, rate: taxRates.Standard },
  });
  return region.id;
}

async function makeLocation(admin: RestClient, name: string, channelId: string): Promise<string> {
  const { stock_location: location } = await admin.post('/admin/stock-locations', {
    name,
    address: { address_1: 'Kai 1', city: 'Hamburg', country_code: 'de' },
  });
  await admin.post(`/admin/stock-locations/${location.id}/sales-channels`, { add: [channelId] });
  await admin.post(`/admin/stock-locations/${location.id}/fulfillment-providers`, { add: ['manual_manual'] });
  return location.id;
}

/** Two flat rates from the first location to both countries. Answers with the shipping profile of the goods. */
async function makeShipping(admin: RestClient, locationId: string): Promise<string> {
  const { shipping_profiles: profiles } = await admin.get('/admin/shipping-profiles');
  const profileId: string =
    profiles[0]?.id ??
    (await admin.post('/admin/shipping-profiles', { name: 'Goods', type: 'default' })).shipping_profile.id;
  const set = (
    await admin.post(`/admin/stock-locations/${locationId}/fulfillment-sets?fields=*fulfillment_sets`, {
      name: 'Parcels',
      type: 'shipping',
    })
  ).stock_location.fulfillment_sets[0];
  const countries = ['de', 'at'].map((country_code) => ({ type: 'country', country_code }));
  const zone = (
    await admin.post(`/admin/fulfillment-sets/${set.id}/service-zones?fields=*service_zones`, {
      name: 'Both',
      geo_zones: countries,
    })
  ).fulfillment_set.service_zones[0];
  for (const [name, amount] of [
    ['Standard', 4.9],
    ['Express', 12.9],
  ] as const) {
    await admin.post('/admin/shipping-options', {
      name,
      service_zone_id: zone.id,
      shipping_profile_id: profileId,
      provider_id: 'manual_manual',
      price_type: 'flat',
      type: { label: name, description: name, code: name.toLowerCase() },
      prices: [{ currency_code: 'eur', amount }],
      rules: [
        { attribute: 'enabled_in_store', operator: 'eq', value: 'true' },
        { attribute: 'is_return', operator: 'eq', value: 'false' },
      ],
    });
  }
  return profileId;
}

type Place = { channelId: string; profileId: string; locations: readonly [string, string] };

async function makeCatalogue(admin: RestClient, place: Place): Promise<Map<string, string>> {
  const { created } = await admin.post('/admin/products/batch', {
    create: catalogue.map((entry) => productOf(entry, place)),
  });
  await makeTaxRates(admin, created);
  const { variants } = await admin.get(
    '/admin/product-variants?limit=100&fields=id,sku,inventory_items.inventory_item_id',
  );
  const bySku = new Map<string, Json>(variants.map((variant: Json) => [variant.sku, variant]));
  await admin.post('/admin/inventory-items/location-levels/batch', {
    create: catalogue.flatMap((entry) =>
      entry.stock.map((stocked_quantity, index) => ({
        inventory_item_id: bySku.get(entry.sku).inventory_items[0].inventory_item_id,
        location_id: place.locations[index],
        stocked_quantity,
      })),
    ),
    update: [],
    delete: [],
  });
  return new Map([...bySku].map(([sku, variant]) => [sku, variant.id]));
}

function productOf(entry: CatalogueItem, { channelId, profileId }: Place): Json {
  return {
    title: entry.name,
    handle: entry.sku.toLowerCase(),
    status: 'published',
    shipping_profile_id: profileId,
    sales_channels: [{ id: channelId }],
    options: [{ title: 'size', values: ['one'] }],
    variants: [
      {
        title: 'one',
        sku: entry.sku,
        manage_inventory: true,
        options: { size: 'one' },
        prices: [{ currency_code: 'eur', amount: entry.price / 100 }],
      },
    ],
  };
}

/** Rates other than the standard one, for the products they are for, in both countries. */
async function makeTaxRates(admin: RestClient, products: readonly Json[]): Promise<void> {
  const { tax_regions: regions } = await admin.get('/admin/tax-regions');
  for (const region of regions) {
    for (const tax of ['Reduced', 'Zero'] as const) {
      const skus = catalogue.filter((entry) => entry.tax === tax).map((entry) => entry.sku.toLowerCase());
      await admin.post('/admin/tax-rates', {
        tax_region_id: region.id,
        name: tax,
        code: `${region.country_code}-${tax.toLowerCase()}`,
        rate: taxRates[tax],
        rules: products
          .filter((product) => skus.includes(product.handle))
          .map((product) => ({ reference: 'product', reference_id: product.id })),
      });
    }
  }
}
