import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import type { ShopDeps } from '../../../src/channels/index.ts';
import type { ChannelOrder } from '../../../src/connector-kit/index.ts';
import { takeInOrders, type IntakeResult } from '../../../src/fulfilment/index.ts';
import type { OrderId, ShopId, SkuId } from '../../../src/kernel/index.ts';
import { getOrder, orderChecks, type OrderDetail } from '../../../src/orders/index.ts';
import { rows } from '../../../src/platform/db/index.ts';
import { runCheck } from '../../../src/platform/invariant/index.ts';
import { availableToPromise, readDemand } from '../../../src/stock/index.ts';
import type { TestDatabase } from '../database.ts';
import { documentOf } from './channel-order.ts';
import { addSkus, connectPlainShop, createPlainChannel, listItems, plainDeps, stockUp } from './plain-channel.ts';

/** What a part has, seen from all its tables. */
export type Units = {
  readonly ordered: number;
  readonly cancelled: number;
  readonly shipped: number;
  readonly elsewhere: number;
  readonly demand: number | undefined;
  readonly isHeld: boolean | undefined;
  readonly claims: boolean | undefined;
};

/** Units as they stand right after an order was taken in that nothing holds. */
export const openUnits = { cancelled: 0, shipped: 0, elsewhere: 0, isHeld: false, claims: true } as const;

export type IntakeWorld = {
  readonly deps: ShopDeps;
  readonly shopId: ShopId;
  readonly skus: readonly [SkuId, SkuId, SkuId];
  /** Takes in one batch of documents, each with the time its read began. */
  takeIn(...documents: [ChannelOrder, number?][]): Promise<IntakeResult[]>;
  /** The one order of this external id. */
  read(externalId: string): Promise<OrderDetail>;
  unitsOf(order: OrderDetail): Promise<Units[]>;
  promises(): Promise<(number | undefined)[]>;
};

let serial = 0;

/**
 * A shop of its own with 100 units of its first two SKUs: listing-1 is the first, listing-2 a six-pack of the second,
 * listing-3 is not mapped.
 */
export async function openIntakeWorld(
  database: TestDatabase,
  claimsAt: 'placed' | 'paid' = 'placed',
): Promise<IntakeWorld> {
  serial += 1;
  const deps = plainDeps(database, createPlainChannel());
  const { shopId } = await connectPlainShop(database, deps, claimsAt);
  const [a, b, c] = await addSkus(database, [`A-${serial}`, `B-${serial}`, `C-${serial}`]);
  if (a === undefined || b === undefined || c === undefined) throw new Error('no SKUs');
  await listItems(database, shopId, [
    { externalId: 'listing-1', skuId: a },
    { externalId: 'listing-2', skuId: b, multiplier: 6 },
    { externalId: 'listing-3' },
  ]);
  await stockUp(
    database,
    [shopId],
    new Map([
      [a, 100],
      [b, 100],
    ]),
    `WH-${serial}`,
  );
  return {
    deps,
    shopId,
    skus: [a, b, c],
    takeIn: (...documents) =>
      database.run((ctx) =>
        takeInOrders(
          ctx,
          deps,
          shopId,
          documents.map(([order, atMs]) => documentOf(order, atMs)),
        ),
      ),
    async read(externalId) {
      const [found, ...others] = await database.read((db) =>
        rows<{ id: OrderId }>(db, sql`select id from orders where shop_id = ${shopId} and external_id = ${externalId}`),
      );
      if (found === undefined || others.length > 0) throw new Error(`not one order ${externalId}`);
      return database.read((db) => getOrder(db, found.id));
    },
    async unitsOf(order) {
      const parts = order.lines.flatMap((line) => line.parts);
      const demand = await database.read((db) =>
        readDemand(
          db,
          parts.map((part) => part.partId),
        ),
      );
      return parts.map(({ partId: id, ordered, cancelled, shipped, shippedElsewhere }) => {
        const waiting = demand.get(id);
        return {
          ordered,
          cancelled,
          shipped,
          elsewhere: shippedElsewhere,
          demand: waiting?.quantity,
          isHeld: waiting?.isHeld,
          claims: waiting?.claims,
        };
      });
    },
    async promises() {
      const promised = await database.read((db) => availableToPromise(db, shopId, [a, b]));
      return [promised.get(a), promised.get(b)];
    },
  };
}

export async function expectOrdersSound(database: TestDatabase): Promise<void> {
  for (const check of orderChecks) {
    const { differences } = await database.read((db) => runCheck(db, check));
    expect({ check: check.name, differences }).toEqual({ check: check.name, differences: [] });
  }
}
