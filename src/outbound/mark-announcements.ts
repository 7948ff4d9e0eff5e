import { sql } from 'drizzle-orm';
import { shopLane, type ConnectorRegistry } from '../channels/index.ts';
import { newId, type ShopId } from '../kernel/index.ts';
import { list, rows, type Ctx, type DomainEvent, type Marker } from '../platform/db/index.ts';

/**
 * Writes an announcement for each (shipment, order) that left, in the transaction of the ship-out. Channels that cannot be
 * told (no `shipments` key) get none.
 */
export function announcementsMarker(connectors: ConnectorRegistry): Marker {
  const channels = [...connectors.values()].filter((each) => each.shipments !== undefined).map((each) => each.code);
  return {
    name: 'announcements',
    kinds: ['shipment.shipped'],
    mark: (ctx, events) => markAnnouncements(ctx, channels, events.flatMap(shipmentIdsOf)),
  };
}

function shipmentIdsOf(event: DomainEvent): readonly string[] {
  return 'shipmentIds' in event && Array.isArray(event.shipmentIds) ? event.shipmentIds : [];
}

async function markAnnouncements(ctx: Ctx, channels: readonly string[], shipmentIds: readonly string[]): Promise<void> {
  const due = await rows<{ shipmentId: string; orderId: string; shopId: ShopId }>(
    ctx.tx,
    sql`select distinct l.shipment_id as "shipmentId", l.order_id as "orderId", o.shop_id as "shopId"
        from shipment_lines l
        join orders o on o.id = l.order_id
        join shops s on s.id = o.shop_id
        where l.shipment_id = any(${list('uuid', shipmentIds)}) and l.quantity > 0
          and s.channel = any(${list('text', channels)})`,
  );
  if (due.length === 0) return;
  await rows(
    ctx.tx,
    sql`insert into announcements (id, shipment_id, order_id, shop_id, due_at, created_at)
        select t.id, t.shipment_id, t.order_id, t.shop_id, ${ctx.now}, ${ctx.now}
        from unnest(${list(
          'uuid',
          due.map(() => newId<'announcement'>()),
        )}, ${list(
          'uuid',
          due.map((row) => row.shipmentId),
        )},
                    ${list(
                      'uuid',
                      due.map((row) => row.orderId),
                    )}, ${list(
                      'uuid',
                      due.map((row) => row.shopId),
                    )})
          as t(id, shipment_id, order_id, shop_id)
        on conflict (shipment_id, order_id) do nothing`,
  );
  for (const { shopId } of due) ctx.rings.add(shopLane(shopId));
}
