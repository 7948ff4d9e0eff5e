import { couponCode } from '../catalogue.ts';
import type { Purchase } from '../purchases.ts';
import { graphqlClient, type GraphqlClient, type Json } from './graphql.ts';

export type PlacedOrder = {
  readonly id: string;
  readonly code: string;
  readonly state: string;
  readonly totalWithTax: number;
};

/** Walks the shop API as a browser would: basket, address, coupon, shipping, payment. Every purchase is a new session. */
export async function buy(shopApiUrl: string, purchase: Purchase, number: number): Promise<PlacedOrder> {
  const shop = graphqlClient(shopApiUrl);
  if (purchase.asMember) await register(shop, number);
  const variantIds = await variantIdsOf(shop);
  for (const line of purchase.lines) {
    await mutate(shop, 'addItemToOrder', '($id: ID!, $quantity: Int!)', 'productVariantId: $id, quantity: $quantity', {
      id: variantIds.get(line.sku),
      quantity: line.quantity,
    });
  }
  await giveAddress(shop, purchase.asMember, number);
  if (purchase.withCoupon) {
    await mutate(shop, 'applyCouponCode', '($code: String!)', 'couponCode: $code', { code: couponCode });
  }
  await chooseShipping(shop, purchase.express);
  await mutate(shop, 'transitionOrderToState', '($state: String!)', 'state: $state', { state: 'ArrangingPayment' });
  return mutate(shop, 'addPaymentToOrder', '($input: PaymentInput!)', 'input: $input', {
    input: { method: purchase.authoriseOnly ? 'authorize' : 'instant', metadata: {} },
  });
}

async function register(shop: GraphqlClient, number: number): Promise<void> {
  const emailAddress = `member${number}-${process.pid}@example.com`;
  await shop(
    `mutation ($input: RegisterCustomerInput!) {
      registerCustomerAccount(input: $input) { ... on Success { success } ... on ErrorResult { errorCode message } }
    }`,
    { input: { emailAddress, firstName: 'Mia', lastName: 'Member', password: 'live-test-only' } },
  );
  await shop(
    `mutation ($username: String!, $password: String!) {
      login(username: $username, password: $password) { ... on CurrentUser { id } ... on ErrorResult { errorCode message } }
    }`,
    { username: emailAddress, password: 'live-test-only' },
  );
}

async function variantIdsOf(shop: GraphqlClient): Promise<Map<string, string>> {
  const { products } = await shop('{ products(options: { take: 100 }) { items { variants { id sku } } } }');
  return new Map(
    products.items.flatMap((product: Json) => product.variants).map((variant: Json) => [variant.sku, variant.id]),
  );
}

async function giveAddress(shop: GraphqlClient, isMember: boolean, number: number): Promise<void> {
  if (!isMember) {
    await mutate(shop, 'setCustomerForOrder', '($input: CreateCustomerInput!)', 'input: $input', {
      input: { emailAddress: `guest${number}-${process.pid}@example.com`, firstName: 'Gesa', lastName: 'Gäst' },
    });
  }
  await mutate(shop, 'setOrderShippingAddress', '($input: CreateAddressInput!)', 'input: $input', {
    input: {
      fullName: isMember ? 'Mia Member' : 'Gesa Gäst',
      streetLine1: `Hafenstraße ${number}`,
      city: 'Hamburg',
      postalCode: '20457',
      countryCode: 'DE',
      phoneNumber: '+49 40 5550100',
    },
  });
}

async function chooseShipping(shop: GraphqlClient, express: boolean): Promise<void> {
  const { eligibleShippingMethods } = await shop('{ eligibleShippingMethods { id code } }');
  const wanted = express ? 'express' : 'standard';
  const method = eligibleShippingMethods.find((entry: Json) => entry.code.includes(wanted));
  await mutate(shop, 'setOrderShippingMethod', '($ids: [ID!]!)', 'shippingMethodId: $ids', { ids: [method.id] });
}

async function mutate(
  shop: GraphqlClient,
  field: string,
  types: string,
  args: string,
  variables: Record<string, unknown>,
): Promise<Json> {
  const query = `mutation ${types} { ${field}(${args}) {
    ... on Order { id code state totalWithTax }
    ... on ErrorResult { errorCode message }
  } }`;
  return (await shop(query, variables))[field];
}
