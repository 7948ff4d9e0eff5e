import { couponCode } from '../catalogue.ts';
import type { Purchase } from '../purchases.ts';
import type { LiveShop } from './open-shop.ts';
import { MedusaRefusal, restClient, type Json, type RestClient } from './rest.ts';

export type PlacedOrder = {
  readonly id: string;
  /** As the buyer sees it: a JSON number, and unrounded. */
  readonly total: number;
};

/** Walks the store API as a browser would: cart, coupon, shipping, payment. Throws MedusaRefusal where the cart cannot be sold. */
export async function buy(
  shop: Pick<LiveShop, 'server' | 'seeded'>,
  purchase: Purchase,
  number: number,
  region: 'net' | 'gross' = 'net',
): Promise<PlacedOrder> {
  const { publishableKey, regions, variants } = shop.seeded;
  const keyed = { 'x-publishable-api-key': publishableKey };
  const email = `buyer${number}-${process.pid}@example.com`;
  const store = restClient(shop.server.origin, {
    ...keyed,
    ...(purchase.asMember ? await register(shop.server.origin, keyed, email) : {}),
  });
  const address = addressOf(number, region === 'net' ? 'de' : 'at');
  const { cart } = await store.post('/store/carts', {
    region_id: regions[region],
    email,
    shipping_address: address,
    billing_address: address,
    items: purchase.lines.map(({ sku, quantity }) => ({ variant_id: variants.get(sku), quantity })),
    ...(purchase.withCoupon ? { promo_codes: [couponCode] } : {}),
  });
  await chooseShipping(store, cart.id, purchase.express);
  const { payment_collection: collection } = await store.post('/store/payment-collections', { cart_id: cart.id });
  await store.post(`/store/payment-collections/${collection.id}/payment-sessions`, {
    provider_id: 'pp_system_default',
  });
  const done = await store.post(`/store/carts/${cart.id}/complete`);
  if (done.type !== 'order') throw new MedusaRefusal(400, JSON.stringify(done.error ?? done).slice(0, 400));
  return { id: done.order.id, total: done.order.total };
}

async function register(origin: string, keyed: Record<string, string>, email: string): Promise<Record<string, string>> {
  const anyone = restClient(origin, keyed);
  const login = { email, password: 'live-test-only' };
  const { token } = await anyone.post('/auth/customer/emailpass/register', login);
  const registering = restClient(origin, { ...keyed, authorization: `Bearer ${token}` });
  await registering.post('/store/customers', { email, first_name: 'Mia', last_name: 'Member' });
  const signedIn = await anyone.post('/auth/customer/emailpass', login);
  return { authorization: `Bearer ${signedIn.token}` };
}

async function chooseShipping(store: RestClient, cartId: string, express: boolean): Promise<void> {
  const { shipping_options: options } = await store.get(`/store/shipping-options?cart_id=${cartId}`);
  const wanted = options.find((option: Json) => option.name === (express ? 'Express' : 'Standard'));
  await store.post(`/store/carts/${cartId}/shipping-methods`, { option_id: wanted.id });
}

function addressOf(number: number, country: string): Record<string, string> {
  return {
    first_name: 'Gesa',
    last_name: 'Gäst',
    address_1: `Hafenstraße ${number}`,
    city: 'Hamburg',
    postal_code: '20457',
    country_code: country,
    phone: '+49 40 5550100',
  };
}
