import pg from 'pg';
import type { OrderId, OrderLineId, PartId, ShipmentId, ShipmentLineId } from '../../../src/kernel/index.ts';
import type { ShipmentState } from '../../../src/fulfilment/index.ts';
import type { LineDecision, ReturnId } from '../../../src/returns/index.ts';

/** What stands in the database of one walk. Keys are those of the model: shop, external ids, places of SKU and warehouse. */
export type Observed = {
  readonly levels: readonly { sku: number; house: number; onHand: number; reserved: number }[];
  readonly orders: readonly SeenOrder[];
  readonly parts: readonly SeenPart[];
  readonly parcels: readonly SeenParcel[];
  readonly listings: readonly { shop: number; sku: number; wanted: number }[];
  readonly returns: readonly SeenReturn[];
  /** Every invariant of DESIGN §8 that these rows could break, by statements of this file alone. */
  readonly broken: readonly unknown[];
};

export type SeenOrder = {
  readonly id: OrderId;
  readonly shop: number;
  readonly externalId: string;
  readonly fulfilment: string;
  readonly isCancelled: boolean;
  readonly holds: readonly string[];
  readonly totalMinor: number;
  readonly refundedMinor: number;
  readonly askedMinor: number;
  readonly invoicedMinor: number;
  readonly isNumbered: boolean;
  /** Entries of the timeline by kind. */
  readonly told: Readonly<Record<string, number>>;
};

export type SeenPart = {
  readonly id: PartId;
  readonly lineId: OrderLineId;
  readonly orderId: OrderId;
  readonly line: string;
  readonly sku: number;
  readonly ordered: number;
  readonly cancelled: number;
  readonly shipped: number;
  readonly returned: number;
  readonly demand: number;
  readonly reserved: number;
  readonly isHeld: boolean;
};

type SeenParcel = {
  readonly id: ShipmentId;
  readonly number: number;
  readonly house: number;
  readonly state: ShipmentState;
  readonly lines: readonly { readonly id: ShipmentLineId; readonly partId: PartId; readonly units: number }[];
};

type SeenReturn = {
  readonly id: ReturnId;
  readonly orderId: OrderId;
  readonly state: 'open' | 'decided' | 'withdrawn';
  readonly lines: readonly {
    readonly id: LineDecision['returnLineId'];
    readonly line: string;
    readonly quantity: number;
    readonly restock: number;
    readonly scrap: number;
    readonly none: number;
  }[];
};

/** One statement, prepared once a connection: planning it anew would cost more than a command does. */
const text = `
with own as materialized (
  select * from orders where shop_id = any($1) and external_id >= $4 and external_id < $4 || '~'
), part as materialized (
  select p.*, l.external_id as line, coalesce(d.quantity, 0) as demand, d.is_held,
         coalesce((select sum(quantity)::int4 from reservations r where r.part_id = p.id and r.state = 'open'), 0) as reserved,
         coalesce((select sum(quantity)::int4 from reservations r where r.part_id = p.id and r.state = 'consumed'), 0) as consumed
  from own join order_line_parts p on p.order_id = own.id join order_lines l on l.id = p.order_line_id
  left join stock_demand d on d.part_id = p.id
), line as materialized (
  select l.*, s.state, s.number, s.warehouse_id from own join shipment_lines l on l.order_id = own.id
  join shipments s on s.id = l.shipment_id
), back as materialized (
  select r.id, r.number, r.order_id, r.state from own join returns r on r.order_id = own.id
), back_line as materialized (
  select l.*, ol.external_id as line from back join return_lines l on l.return_id = back.id
  join order_lines ol on ol.id = l.order_line_id
), level as materialized (select * from stock_levels where sku_id = any($2))
select
  (select coalesce(jsonb_agg(jsonb_build_object('sku', array_position($2, sku_id) - 1, 'house', array_position($3, warehouse_id) - 1,
     'onHand', on_hand, 'reserved', reserved)), '[]') from level) as levels,
  (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'shop', array_position($1, shop_id) - 1, 'externalId', external_id,
     'fulfilment', fulfilment_state, 'isCancelled', cancelled_at is not null, 'totalMinor', total_minor,
     'refundedMinor', refunded_minor,
     'holds', (select coalesce(jsonb_agg(kind order by kind), '[]') from order_holds h where h.order_id = own.id and released_at is null),
     'askedMinor', (select coalesce(sum(amount_minor), 0) from channel_requests q
        where q.order_id = own.id and q.kind = 'refund' and q.state <> 'refused'),
     'invoicedMinor', (select coalesce(sum(case i.kind when 'invoice' then total_minor else -total_minor end), 0)
        from invoices i where i.order_id = own.id),
     'isNumbered', not exists (select from invoice_requests q where q.order_id = own.id and q.state in ('due', 'parked')),
     'told', (select coalesce(jsonb_object_agg(kind, times), '{}') from (
        select kind, count(*) as times from order_timeline t where t.order_id = own.id group by kind) as entries)
   )), '[]') from own) as orders,
  (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'lineId', order_line_id, 'orderId', order_id, 'line', line,
     'sku', array_position($2, sku_id) - 1, 'ordered', ordered, 'cancelled', cancelled, 'shipped', shipped, 'returned', returned,
     'demand', demand, 'reserved', reserved, 'isHeld', is_held)), '[]') from part) as parts,
  (select coalesce(jsonb_agg(parcel), '[]') from (
     select jsonb_build_object('id', shipment_id, 'number', number, 'house', array_position($3, warehouse_id) - 1, 'state', state,
       'lines', jsonb_agg(jsonb_build_object('id', id, 'partId', part_id, 'units', quantity))) as parcel
     from line group by shipment_id, number, warehouse_id, state) as parcels) as parcels,
  (select coalesce(jsonb_agg(jsonb_build_object('shop', array_position($1, shop_id) - 1, 'sku', array_position($2, sku_id) - 1,
     'wanted', wanted_version)), '[]') from listings where sku_id = any($2)) as listings,
  (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'orderId', order_id, 'state', state, 'lines', (
     select jsonb_agg(jsonb_build_object('id', l.id, 'line', l.line, 'quantity', quantity, 'restock', restocked, 'scrap', scrapped,
       'none', not_returned)) from back_line l where l.return_id = back.id)) order by number), '[]') from back) as returns,
  (select coalesce(jsonb_agg(to_jsonb(broken)), '[]') from (
     select 'a level against its moves, its bins and its reservations' as what, sku_id::text || warehouse_id as at from level
     where not (0 <= reserved and reserved <= on_hand)
       or on_hand <> (select coalesce(sum(quantity), 0) from stock_moves m
                      where m.sku_id = level.sku_id and m.warehouse_id = level.warehouse_id)
       or on_hand <> (select coalesce(sum(quantity), 0) from stock_details d
                      where d.sku_id = level.sku_id and d.warehouse_id = level.warehouse_id)
       or reserved <> (select coalesce(sum(quantity), 0) from reservations r
                       where r.sku_id = level.sku_id and r.warehouse_id = level.warehouse_id and r.state = 'open')
     union all
     select 'units of a part', id::text from part
     where ordered <> cancelled + shipped + reserved + demand or shipped <> consumed or returned > shipped
       or shipped <> (select coalesce(sum(quantity), 0) from line where line.part_id = part.id and line.state = 'shipped')
     union all
     select 'a line against its reservation', id::text from line
     where state not in ('shipped', 'cancelled') and quantity <> (
       select coalesce(sum(quantity), 0) from reservations r
       where r.shipment_line_id = line.id and r.state = 'open' and r.warehouse_id = line.warehouse_id)
     union all
     select 'the total of an order', id::text from own
     where total_minor <> residual_minor
       + (select coalesce(sum(amount_minor), 0) from order_lines l where l.order_id = own.id)
       + (select coalesce(sum(amount_minor), 0) from order_shipping_lines s where s.order_id = own.id)
       - (select coalesce(sum(amount_minor), 0) from order_discounts d where d.order_id = own.id)
     union all
     select 'the refunds of an order', id::text from own
     where refunded_minor <> (select coalesce(sum(amount_minor), 0) from order_refunds f
                              where f.order_id = own.id and f.state <> 'failed')
     union all
     select 'a return against its decisions and moves', l.id::text from back_line l
     where restocked + scrapped + not_returned > l.quantity
       or restocked * coalesce((select min(units_per_line) from part where part.order_line_id = l.order_line_id), 0) <> (
         select coalesce(sum(quantity), 0) from stock_moves m where m.reference_id = l.id and m.reason = 'returned')
     union all
     select 'a part against its returns', id::text from part
     where returned <> units_per_line * (
       select coalesce(sum(quantity), 0) from back_line l join back on back.id = l.return_id
       where l.order_line_id = part.order_line_id and back.state <> 'withdrawn')
   ) as broken) as broken`;

export type Observer = { see(walk: string): Promise<Observed>; close(): Promise<void> };

/** Watches by a connection of its own, outside everything that the product does to see. */
export async function openObserver(
  url: string,
  ids: { shops: readonly string[]; houses: readonly string[]; skusOf: (walk: string) => readonly string[] },
): Promise<Observer> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(
    `prepare picture (uuid[], uuid[], uuid[], text) as ${text}; set plan_cache_mode = force_generic_plan`,
  );
  const array = (values: readonly string[]): string => `'{${values.join(',')}}'`;
  return {
    async see(walk) {
      const answer = await client.query<Observed>(
        `execute picture (${array(ids.shops)}, ${array(ids.skusOf(walk))}, ${array(ids.houses)}, '${walk}')`,
      );
      const [seen] = answer.rows;
      if (seen === undefined) throw new Error('nothing seen');
      return seen;
    },
    close: () => client.end(),
  };
}
