import type { Evidence, ShopBook } from './journal.ts';

/** Every way in which a run broke its promise, a line each; empty: nothing lost, nothing double, the numbers right. */
export function judge(evidence: Evidence): string[] {
  return [
    ...lostWebhooks(evidence),
    ...wrongOrders(evidence),
    ...lostWrites(evidence),
    ...evidence.shops.flatMap((shop) => [...doublePackages(evidence, shop), ...doubleMoney(evidence, shop)]),
    ...wrongNumbers(evidence),
  ];
}

const key = (shopId: string, rest: string): string => `${shopId} ${rest}`;

/** A webhook that was answered 2xx is in the inbox, and its order is an order. */
function lostWebhooks({ answered, hub }: Evidence): string[] {
  const orders = new Set(hub.orders.map((order) => key(order.shopId, order.externalId)));
  return answered.flatMap(({ shopId, eventId, orderExternalId }) => [
    ...(hub.webhooks.has(key(shopId, eventId)) ? [] : [`lost: webhook ${eventId}, answered 2xx`]),
    ...(orders.has(key(shopId, orderExternalId))
      ? []
      : [`lost: order ${orderExternalId}, whose webhook was answered 2xx`]),
  ]);
}

/** Every order sold stands once in the hub, with the shop's total and the shop's word on whether it is cancelled. */
function wrongOrders({ shops, hub }: Evidence): string[] {
  const sold = new Map(
    shops.flatMap(({ shopId, orders }) => orders.map((o) => [key(shopId, o.externalId), o] as const)),
  );
  const times = new Map<string, number>();
  for (const { shopId, externalId } of hub.orders) {
    times.set(key(shopId, externalId), (times.get(key(shopId, externalId)) ?? 0) + 1);
  }
  const missing = [...sold.keys()].filter((each) => !times.has(each)).map((each) => `lost: order ${each}`);
  const double = [...times].filter(([, count]) => count > 1).map(([each]) => `double: order ${each}`);
  const differing = hub.orders.flatMap((order) => {
    const theirs = sold.get(key(order.shopId, order.externalId));
    if (theirs === undefined) return [`invented: order ${order.externalId}`];
    return [
      ...(theirs.totalMinor === order.totalMinor ? [] : [`wrong: order ${order.externalId} has another total`]),
      ...(theirs.isCancelled === order.isCancelled
        ? []
        : [`wrong: order ${order.externalId} is cancelled on one side`]),
    ];
  });
  return [...missing, ...double, ...differing];
}

/** What the API acknowledged to a person stands, and has reached the shop. */
function lostWrites({ acknowledged, hub, shops }: Evidence): string[] {
  const shipped = new Map(hub.shipped.map(({ shipmentId, trackingNumber }) => [shipmentId, trackingNumber]));
  const refunds = new Set(shops.flatMap((shop) => shop.refunds.map(({ requestId }) => requestId)));
  const cancels = new Set(shops.flatMap((shop) => shop.cancels.map((each) => key(shop.shopId, each.orderExternalId))));
  return acknowledged.flatMap((write) => {
    switch (write.kind) {
      case 'ship_out':
        return shipped.get(write.shipmentId) === write.trackingNumber
          ? []
          : [`lost: ship-out of ${write.shipmentId} with ${write.trackingNumber}, acknowledged`];
      case 'refund':
        return refunds.has(write.requestId) ? [] : [`lost: refund ${write.requestId}, acknowledged`];
      case 'cancel':
        return cancels.has(key(write.shopId, write.orderExternalId))
          ? []
          : [`lost: cancel of ${write.orderExternalId}, acknowledged`];
    }
  });
}

/** Each package that left is in the shop's journal exactly once for each of its orders, and nothing else is. */
function doublePackages({ hub }: Evidence, { shopId, packages }: ShopBook): string[] {
  const left = new Set(
    hub.shipped.filter((each) => each.shopId === shopId).map((each) => key(each.orderExternalId, each.trackingNumber)),
  );
  const shown = countBy(packages.map((each) => key(each.orderExternalId, each.trackingNumber)));
  return [
    ...[...left].filter((each) => !shown.has(each)).map((each) => `lost: package ${each} is not in the shop`),
    ...[...shown].filter(([, count]) => count > 1).map(([each, count]) => `double: package ${each}, ${count} times`),
    ...[...shown.keys()].filter((each) => !left.has(each)).map((each) => `invented: package ${each}`),
  ];
}

/** Each refund and each cancel that a person asked for is in the shop's journal once, with its amount, and no other is. */
function doubleMoney({ acknowledged }: Evidence, { shopId, refunds, cancels }: ShopBook): string[] {
  const asked = new Map(
    acknowledged.flatMap((write) => (write.kind === 'refund' ? [[write.requestId, write] as const] : [])),
  );
  const cancelled = new Set(
    acknowledged.flatMap((write) => (write.kind === 'cancel' ? [key(write.shopId, write.orderExternalId)] : [])),
  );
  const paid = countBy(refunds.map(({ requestId }) => requestId));
  const stopped = countBy(cancels.map(({ orderExternalId }) => orderExternalId));
  return [
    ...[...paid].filter(([, count]) => count > 1).map(([each, count]) => `double: refund ${each}, ${count} times`),
    ...[...stopped]
      .filter(([, count]) => count > 1)
      .map(([each, count]) => `double: cancel of ${each}, ${count} times`),
    ...[...stopped.keys()]
      .filter((each) => !cancelled.has(key(shopId, each)))
      .map((each) => `invented: cancel of ${each} in shop ${shopId}`),
    ...refunds.flatMap(({ requestId, orderExternalId, amountMinor }) => {
      const wanted = asked.get(requestId);
      if (wanted === undefined) return [`invented: refund ${requestId} of ${orderExternalId} in shop ${shopId}`];
      const isEqual = wanted.amountMinor === amountMinor && wanted.orderExternalId === orderExternalId;
      return isEqual ? [] : [`wrong: refund ${requestId} has another amount or order`];
    }),
  ];
}

/** Worked out from the shops' own sales alone: what is left of what was received is what each shop shows. */
function wrongNumbers({ shops, received }: Evidence): string[] {
  const left = new Map(received);
  for (const { sku, quantity, cancelledQuantity } of shops.flatMap((shop) =>
    shop.orders.flatMap(({ lines }) => lines),
  )) {
    if (left.has(sku)) left.set(sku, (left.get(sku) ?? 0) - quantity + cancelledQuantity);
  }
  return shops.flatMap(({ shopId, saleable }) =>
    [...left].flatMap(([sku, units]) => {
      const shown = saleable.get(sku);
      const wanted = Math.max(0, units);
      return shown === wanted ? [] : [`wrong: shop ${shopId} shows ${shown} of ${sku}, and ${wanted} can be sold`];
    }),
  );
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const each of keys) counts.set(each, (counts.get(each) ?? 0) + 1);
  return counts;
}
