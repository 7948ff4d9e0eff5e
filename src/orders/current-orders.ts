import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { groupBy, type OrderId, type ShopId } from '../kernel/index.ts';
import { list, rows, selection, type Ctx } from '../platform/db/index.ts';
import type { HoldKind } from './place-holds.ts';
import {
  lineColumns,
  orderColumns,
  partColumns,
  receiverColumns,
  type LineRow,
  type OrderRow,
  type PartRow,
  type ReceiverRow,
} from './rows.ts';
import type { SetHashes } from './set-rows.ts';

export type CurrentHold = {
  readonly orderId: OrderId;
  readonly kind: HoldKind;
  /** 'channel' where a document placed it. */
  readonly source: string | null;
  readonly isOpen: boolean;
  /** "token:…" where a person let the order go on. */
  readonly releasedBy: string | null;
};

export type CurrentReceiver = ReceiverRow & { readonly erasedAt: Date | null };
export type CurrentLine = LineRow & { readonly parts: readonly PartRow[] };

export type CurrentOrder = {
  readonly row: OrderRow;
  readonly lines: readonly CurrentLine[];
  readonly holds: readonly CurrentHold[];
  readonly receiver: CurrentReceiver | null;
  /** Of the document last applied: which sets need not be written again. */
  readonly sets: SetHashes | null;
};

/** Locks these orders by id and reads them whole, by external id, in six statements. Orders that do not exist are absent. */
export async function readCurrentOrders(
  ctx: Ctx,
  shopId: ShopId,
  externalIds: readonly string[],
): Promise<Map<string, CurrentOrder>> {
  authorise(ctx, 'orders:read');
  const found = await rows<OrderRow>(
    ctx.tx,
    sql`select ${selection(orderColumns, 'o')} from orders o
        where o.shop_id = ${shopId} and o.external_id = any(${list('text', externalIds)})
        order by o.id for update`,
  );
  if (found.length === 0) return new Map();
  const ids = list(
    'uuid',
    found.map((row) => row.id),
  );
  const lines = await rows<LineRow>(
    ctx.tx,
    sql`select ${selection(lineColumns, 'l')} from order_lines l where l.order_id = any(${ids}) order by l.order_id, l.position, l.id`,
  );
  const parts = await rows<PartRow>(
    ctx.tx,
    sql`select ${selection(partColumns, 'p')} from order_line_parts p where p.order_id = any(${ids}) order by p.id`,
  );
  const holds = await rows<CurrentHold>(
    ctx.tx,
    sql`select order_id as "orderId", kind, cause->>'source' as source, released_at is null as "isOpen", released_by as "releasedBy"
        from order_holds where order_id = any(${ids}) order by placed_at, id`,
  );
  const receivers = await rows<CurrentReceiver>(
    ctx.tx,
    sql`select ${selection(receiverColumns, 'r')}, r.erased_at as "erasedAt" from order_receivers r where r.order_id = any(${ids})`,
  );
  const versions = await rows<{ orderId: OrderId; sets: SetHashes | null }>(
    ctx.tx,
    sql`select v.order_id as "orderId", v.changes->'sets' as sets
        from order_versions v join orders o on o.id = v.order_id and o.version = v.version
        where v.order_id = any(${ids})`,
  );
  const partsByLine = groupBy(parts, (part) => part.orderLineId);
  const linesByOrder = groupBy(lines, (line) => line.orderId);
  const holdsByOrder = groupBy(holds, (hold) => hold.orderId);
  const receiverByOrder = new Map(receivers.map((receiver) => [receiver.orderId, receiver]));
  const setsByOrder = new Map(versions.map((version) => [version.orderId, version.sets]));
  return new Map(
    found.map((row) => [
      row.externalId,
      {
        row,
        lines: (linesByOrder.get(row.id) ?? []).map((line) => ({ ...line, parts: partsByLine.get(line.id) ?? [] })),
        holds: holdsByOrder.get(row.id) ?? [],
        receiver: receiverByOrder.get(row.id) ?? null,
        sets: setsByOrder.get(row.id) ?? null,
      },
    ]),
  );
}
