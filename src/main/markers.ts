import { bumpWantedVersions, refreshProposals, type ConnectorRegistry } from '../channels/index.ts';
import type { OrderId, ShopId, SkuId } from '../kernel/index.ts';
import { requestReads, type InboxStored } from '../inbound/index.ts';
import { findExternalIds } from '../orders/index.ts';
import { announcementsMarker, hastenedWritesMarker } from '../outbound/index.ts';
import { onBehalf, type DomainEvent, type Marker } from '../platform/db/index.ts';
import { markDemandDue } from '../stock/index.ts';
import { inboundLaneOf, lanes } from './lanes/names.ts';
import { invoicesMarker } from '../invoicing/index.ts';
import { returnMarkers } from './return-markers.ts';

/**
 * Which facts make which work due. Each marker writes due-work columns or rows in the transaction of the fact. Their order is
 * that of the locks (DESIGN §1.3): demand before listings.
 */
export function wireMarkers(connectors: ConnectorRegistry): Marker[] {
  return [
    {
      name: 'freed_demand',
      kinds: ['stock.freed'],
      async mark(ctx, events) {
        await markDemandDue(ctx, skuIdsOf(events));
        ctx.rings.add(lanes.allocation);
      },
    },
    {
      name: 'wanted_versions',
      kinds: ['stock.changed'],
      mark: (ctx, events) => bumpWantedVersions(ctx, skuIdsOf(events)),
    },
    {
      name: 'proposals',
      kinds: ['sku.coded'],
      mark: async (ctx, events) => void (await refreshProposals(onBehalf(ctx, 'sku.coded'), skuIdsOf(events))),
    },
    ringing('due_demand', ['demand.due'], lanes.allocation),
    ringing('mapped_listings', ['listing.mapped'], lanes.mapping),
    {
      name: 'stored_events',
      kinds: ['inbox.stored'],
      lanesOf: (events) => (events as readonly InboxStored[]).map(({ shopId }) => inboundLaneOf(shopId)),
    },
    hastenedWritesMarker(),
    announcementsMarker(connectors),
    ...returnMarkers(connectors),
    invoicesMarker,
    {
      name: 'read_back',
      kinds: ['order.told'],
      async mark(ctx, events) {
        for (const { shopId, orderIds } of told(events)) {
          const externalIds = await findExternalIds(ctx.tx, orderIds);
          await requestReads(onBehalf(ctx, 'order.told'), shopId, externalIds, 'own_write');
        }
      },
    },
  ];
}

function ringing(name: string, kinds: readonly string[], lane: string): Marker {
  return { name, kinds, lanesOf: () => [lane] };
}

function skuIdsOf(events: readonly DomainEvent[]): SkuId[] {
  const ids = events.flatMap((event) =>
    'skuIds' in event && Array.isArray(event.skuIds) ? (event.skuIds as SkuId[]) : [],
  );
  return [...new Set(ids)];
}

/** Grouped by shop: one lane tells one shop, so there is one group a transaction. */
function told(events: readonly DomainEvent[]): { shopId: ShopId; orderIds: OrderId[] }[] {
  const byShop = new Map<ShopId, Set<OrderId>>();
  for (const event of events) {
    if (!('shopId' in event && 'orderIds' in event && Array.isArray(event.orderIds))) continue;
    const shopId = event.shopId as ShopId;
    const orderIds = byShop.get(shopId) ?? new Set();
    for (const id of event.orderIds as OrderId[]) orderIds.add(id);
    byShop.set(shopId, orderIds);
  }
  return [...byShop].map(([shopId, orderIds]) => ({ shopId, orderIds: [...orderIds] }));
}
