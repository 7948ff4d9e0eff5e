/** The GraphQL documents we send, each under a name of its own. */

const errorResult = '... on ErrorResult { errorCode message }';

const orderFields = `
  id code state active type createdAt updatedAt orderPlacedAt currencyCode couponCodes
  subTotalWithTax shippingWithTax totalWithTax
  channels { id pricesIncludeTax }
  customer { emailAddress firstName lastName phoneNumber }
  shippingAddress {
    fullName company streetLine1 streetLine2 city province postalCode countryCode phoneNumber
  }
  lines {
    id quantity orderPlacedQuantity unitPrice unitPriceWithTax linePriceWithTax
    proratedLinePrice proratedLinePriceWithTax taxRate
    taxLines { description taxRate }
    discounts { adjustmentSource type description amountWithTax }
    productVariant { id sku name }
  }
  shippingLines {
    id priceWithTax discountedPrice discountedPriceWithTax
    discounts { adjustmentSource type description amountWithTax }
    shippingMethod { code name }
  }
  surcharges { id description price priceWithTax taxRate }
  promotions { id couponCode }
  payments {
    id method amount state createdAt
    refunds { id state total reason createdAt lines { orderLineId quantity } }
  }
  fulfillments { id state method trackingCode lines { orderLineId quantity } }
  history(options: { take: 100, filter: { type: { in: ["ORDER_CANCELLATION", "ORDER_PAYMENT_TRANSITION"] } } }) {
    items { type createdAt data }
  }`;

export const signInDocument = `mutation WharfSignIn($username: String!, $password: String!) {
  login(username: $username, password: $password, rememberMe: true) { ... on CurrentUser { id } ${errorResult} }
}`;

export const checkDocument = `query WharfCheck { activeChannel { code defaultCurrencyCode seller { name } } }`;

export const ordersDocument = `query WharfOrders($options: OrderListOptions) {
  orders(options: $options) { totalItems items { ${orderFields} } }
}`;

/** Only the change clock of the newest order, or how many there are. */
export const orderClockDocument = `query WharfOrderClock($options: OrderListOptions) {
  orders(options: $options) { totalItems items { id updatedAt } }
}`;

export const cancelOrderDocument = `mutation WharfCancelOrder($input: CancelOrderInput!) {
  cancelOrder(input: $input) { ... on Order { id } ${errorResult} }
}`;

export const refundOrderDocument = `mutation WharfRefundOrder($input: RefundOrderInput!) {
  refundOrder(input: $input) { ... on Refund { id state } ${errorResult} }
}`;

export const settleRefundDocument = `mutation WharfSettleRefund($input: SettleRefundInput!) {
  settleRefund(input: $input) { ... on Refund { id state } ${errorResult} }
}`;

export const fulfilDocument = `mutation WharfFulfil($input: FulfillOrderInput!) {
  addFulfillmentToOrder(input: $input) { ... on Fulfillment { id state } ${errorResult} }
}`;

/** `ErrorResult` is asked for on the union too: this union's one error type has a detail that we do not need. */
export const moveFulfilmentDocument = `mutation WharfMoveFulfilment($id: ID!, $state: String!) {
  transitionFulfillmentToState(id: $id, state: $state) { ... on Fulfillment { id state } ${errorResult} }
}`;

export const listingsDocument = `query WharfListings($options: ProductVariantListOptions) {
  globalSettings { trackInventory }
  productVariants(options: $options) {
    items { id sku name enabled createdAt priceWithTax currencyCode trackInventory product { id enabled } }
  }
}`;

export const stockDocument = `query WharfStock($options: ProductVariantListOptions) {
  globalSettings { trackInventory outOfStockThreshold }
  productVariants(options: $options) {
    items {
      id trackInventory outOfStockThreshold useGlobalOutOfStockThreshold
      stockLevels { stockLocationId stockOnHand stockAllocated }
    }
  }
}`;

export const locationsDocument = `query WharfLocations($options: StockLocationListOptions) {
  stockLocations(options: $options) { items { id name } }
}`;

export const setStockDocument = `mutation WharfSetStock($input: [UpdateProductVariantInput!]!) {
  updateProductVariants(input: $input) { id }
}`;
