import { sql } from 'drizzle-orm';
import type { OrderId } from '../../kernel/index.ts';
import { list, onBehalf, rows, type Ctx, type DomainEvent, type WritingMarker } from '../../platform/db/index.ts';
import { requestDocuments } from './request-documents.ts';

/** Requests invoices and credit notes in the transaction of what calls for them: a ship-out, or a document of the order. */
export const invoicesMarker: WritingMarker = {
  name: 'invoices',
  kinds: ['shipment.shipped', 'order.taken_in'],
  async mark(ctx, events) {
    const shipped = await ordersOfShipments(ctx, idsOf(events, 'shipmentIds'));
    const orderIds = new Set([...shipped, ...idsOf(events, 'orderIds')] as OrderId[]);
    await requestDocuments(onBehalf(ctx, 'invoices_marker'), [...orderIds]);
  },
};

function idsOf(events: readonly DomainEvent[], key: 'shipmentIds' | 'orderIds'): string[] {
  return events.flatMap((event) => {
    const ids: unknown = Reflect.get(event, key);
    return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [];
  });
}

async function ordersOfShipments(ctx: Ctx, shipmentIds: readonly string[]): Promise<OrderId[]> {
  if (shipmentIds.length === 0) return [];
  const found = await rows<{ orderId: OrderId }>(
    ctx.tx,
    sql`select distinct order_id as "orderId" from shipment_lines where shipment_id = any(${list('uuid', shipmentIds)})`,
  );
  return found.map((row) => row.orderId);
}
