import { findSkusByCodes } from '../../catalog/index.ts';
import { getShop, resolveListings, type ShopRow } from '../../channels/index.ts';
import type { OrderId, ShopId } from '../../kernel/index.ts';
import {
  findPartOrders,
  findPartUnits,
  readCurrentOrders,
  readTombstones,
  type CurrentOrder,
  type OrderDocument,
  type Tombstone,
} from '../../orders/index.ts';
import type { Ctx } from '../../platform/db/index.ts';
import type { Mapping } from './plan-lines.ts';
import type { PartUnits } from './splits.ts';

export type Facts = {
  readonly shop: ShopRow;
  /** Locked: the orders of the documents, and those that the channel split into them. */
  readonly current: ReadonlyMap<string, CurrentOrder>;
  readonly mapping: Mapping;
  readonly tombstones: ReadonlyMap<string, Tombstone>;
  /** Orders that are parts of an order of this batch, by the external id of that order. */
  readonly partOrders: ReadonlyMap<string, OrderId>;
  /** Units that parts brought which are here already. */
  readonly partUnits: readonly PartUnits[];
};

/** All that planning a batch needs, in a constant number of statements. */
export async function readFacts(ctx: Ctx, shopId: ShopId, documents: readonly OrderDocument[]): Promise<Facts> {
  const orders = documents.map((document) => document.order);
  const externalIds = orders.map((order) => order.externalId);
  const parentIds = orders.flatMap((order) => (order.partOfExternalId === null ? [] : [order.partOfExternalId]));
  const lines = orders.flatMap((order) => order.lines);
  const listingIds = new Set(
    lines.flatMap((line) => (line.listingExternalId === null ? [] : [line.listingExternalId])),
  );
  const codes = new Set(
    lines.flatMap((line) => (line.listingExternalId === null && line.sku !== null ? [line.sku] : [])),
  );
  const partOrders = await findPartOrders(ctx.tx, shopId, externalIds);
  const wholes = [...new Set([...partOrders.keys(), ...parentIds])];
  return {
    shop: await getShop(ctx.tx, shopId),
    current: await readCurrentOrders(ctx, shopId, [...new Set([...externalIds, ...parentIds])]),
    mapping: {
      listings: await resolveListings(ctx.tx, shopId, [...listingIds]),
      skusByCode: codes.size === 0 ? new Map() : await findSkusByCodes(ctx.tx, [...codes]),
    },
    tombstones: await readTombstones(ctx, shopId, externalIds),
    partOrders,
    partUnits: wholes.length === 0 ? [] : await findPartUnits(ctx.tx, shopId, wholes),
  };
}
