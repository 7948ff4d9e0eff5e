import { sql, type SQL } from 'drizzle-orm';
import { newId } from '../../../src/kernel/index.ts';

/** An order of the story that the plants are made in, by what was refunded of it and whether it has left. */
export const theOrder = (refundedMinor: number, fulfilment: 'open' | 'shipped'): SQL =>
  sql`(select id from orders where refunded_minor = ${refundedMinor} and fulfilment_state = ${fulfilment})`;
const planned = theOrder(0, 'open');
const shipped = theOrder(0, 'shipped');
const anEvent = sql`(select min(inbox_event_id::text)::uuid from order_versions)`;
const aSku = sql`(select min(sku_id::text)::uuid from stock_levels)`;

/** A warehouse that serves no shop: a difference there concerns no other line. */
const apart = newId<'warehouse'>();
const warehouseApart = sql`
  insert into warehouses (id, code, name, country_code, time_zone, created_at, updated_at)
  values (${apart}, 'APART', 'Apart', 'DE', 'UTC', now(), now())`;
const levelApart = (onHand: number, reserved: number): SQL => sql`
  insert into stock_levels (sku_id, warehouse_id, on_hand, reserved, updated_at)
  values (${aSku}, ${apart}, ${onHand}, ${reserved}, now())`;
const moveApart = (quantity: number): SQL => sql`
  insert into stock_moves (id, at, sku_id, warehouse_id, quantity, reason, actor_kind, actor_id)
  values (${newId()}, now(), ${aSku}, ${apart}, ${quantity}, 'received', 'system', 'plant')`;
const detailApart = (quantity: number): SQL =>
  sql`insert into stock_details (sku_id, warehouse_id, quantity) values (${aSku}, ${apart}, ${quantity})`;
const reservedApart = (quantity: number): SQL => sql`
  insert into reservations (id, sku_id, warehouse_id, part_id, shipment_line_id, quantity, created_at)
  values (${newId()}, ${aSku}, ${apart}, ${newId()}, ${newId()}, ${quantity}, now())`;
/** What a reservation refers to stands in no line of the audit that is planted here. */
const looseReservations = [
  sql`alter table reservations drop constraint if exists reservations_part_id_fk`,
  sql`alter table reservations drop constraint if exists reservations_shipment_line_id_fk`,
];

/** Triggers refuse what these plants do. */
const issuedMayChange = sql`alter table invoices disable trigger user`;

/** One difference for one line of the audit, made by the statements, and how the line must tell it. */
export type Plant = {
  readonly line: string;
  readonly what: string;
  readonly statements: readonly SQL[];
  readonly subject: RegExp;
  readonly found: RegExp;
};

const placeApart = new RegExp(`^sku .* warehouse ${apart}$`);

export const plants: readonly Plant[] = [
  {
    line: 'stock.reserved_within_on_hand',
    what: 'two units reserved where one lies',
    statements: [
      sql`alter table stock_levels drop constraint stock_levels_reserved_within_on_hand`,
      ...looseReservations,
      warehouseApart,
      levelApart(1, 2),
      moveApart(1),
      detailApart(1),
      reservedApart(2),
    ],
    subject: placeApart,
    found: /^reserved 2$/,
  },
  {
    line: 'stock.on_hand_is_the_ledger',
    what: 'a level without moves',
    statements: [warehouseApart, levelApart(5, 0), detailApart(5)],
    subject: placeApart,
    found: /^on hand 5$/,
  },
  {
    line: 'stock.on_hand_is_the_ledger',
    what: 'a unit that lies nowhere',
    statements: [warehouseApart, levelApart(5, 0), moveApart(5), detailApart(4)],
    subject: placeApart,
    found: /^on hand 5$/,
  },
  {
    line: 'stock.on_hand_is_the_ledger',
    what: 'moves without a level',
    statements: [warehouseApart, moveApart(3)],
    subject: placeApart,
    found: /^on hand 0$/,
  },
  {
    line: 'stock.reserved_is_the_reservations',
    what: 'a reservation that no level counts',
    statements: [...looseReservations, warehouseApart, reservedApart(2)],
    subject: placeApart,
    found: /^reserved 0$/,
  },
  {
    line: 'inbox.applied_once',
    what: 'a message that made two versions',
    statements: [sql`update order_versions set inbox_event_id = ${anEvent}`],
    subject: /^inbox event /,
    found: /^applied, applied \d+ times$/,
  },
  {
    line: 'inbox.applied_once',
    what: 'an applied message without its order',
    statements: [sql`update inbox_events set external_id = 'nowhere' where id = ${anEvent}`],
    subject: /^inbox event /,
    found: /no order$/,
  },
  {
    line: 'inbox.nothing_lost',
    what: 'a parked message without its bytes',
    statements: [
      sql`delete from inbox_bodies where inbox_event_id in (select id from inbox_events where state = 'parked')`,
    ],
    subject: /^inbox event /,
    found: /^none$/,
  },
  {
    line: 'orders.once',
    what: 'an order that was stored twice',
    statements: [
      sql`drop index orders_external_id`,
      sql`create temporary table twin on commit drop as select * from orders where id = ${planned}`,
      sql`update twin set id = ${newId()}, number = number + 1000, lines_minor = 0, shipping_minor = 0, tax_minor = 0,
                          discount_minor = 0, residual_minor = 0, total_minor = 0, refunded_minor = 0`,
      sql`insert into orders select * from twin`,
    ],
    subject: /^order \S+ of shop /,
    found: /^2 times$/,
  },
  {
    line: 'orders.total_adds_up',
    what: 'a total that is a cent too high',
    statements: [
      sql`alter table orders drop constraint orders_total_adds_up`,
      sql`update orders set total_minor = total_minor + 1 where id = ${planned}`,
    ],
    subject: /^order \d+$/,
    found: /^lines \d+ \+ shipping 490 /,
  },
  {
    line: 'orders.total_adds_up',
    what: 'a line that changed beneath its total',
    statements: [sql`update order_lines set amount_minor = amount_minor - 1 where order_id = ${planned}`],
    subject: /^order \d+$/,
    found: /^lines \d+ /,
  },
  {
    line: 'orders.refunds_add_up',
    what: 'a refund that failed after it was counted',
    statements: [sql`update order_refunds set state = 'failed'`],
    subject: /^order \d+$/,
    found: /^refunded 100$/,
  },
  {
    line: 'parts.every_unit_is_somewhere',
    what: 'a unit that nobody waits for',
    statements: [sql`update order_line_parts set ordered = ordered + 1 where order_id = ${planned}`],
    subject: /^part \S+ of order \d+$/,
    found: /^cancelled 0 \+ shipped 0 \+ reserved 2 \+ demand 0$/,
  },
  {
    line: 'parts.every_unit_is_somewhere',
    what: 'a unit that is reserved and waits still',
    statements: [sql`update stock_demand set quantity = 1, claims = false where order_id = ${planned}`],
    subject: /^part \S+ of order \d+$/,
    found: /reserved 2 \+ demand 1$/,
  },
  {
    line: 'parts.each_unit_ships_once',
    what: 'a shipped unit that counts as cancelled',
    statements: [
      sql`update order_line_parts set shipped = shipped - 1, cancelled = cancelled + 1 where order_id = ${shipped}`,
    ],
    subject: /^part \S+ of order \d+$/,
    found: /^on shipped lines 1, consumed 1$/,
  },
  {
    line: 'parts.each_unit_ships_once',
    what: 'a unit that left in two parcels',
    statements: [sql`update shipment_lines set quantity = quantity + 1 where order_id = ${shipped}`],
    subject: /^part \S+ of order \d+$/,
    found: /^on shipped lines 2, consumed 1$/,
  },
  {
    line: 'shipments.lines_are_reserved',
    what: 'a planned unit that is not reserved',
    statements: [sql`update shipment_lines set quantity = quantity + 1 where order_id = ${planned}`],
    subject: /^shipment \d+ line /,
    found: /^reserved 2$/,
  },
  {
    line: 'returns.restocked_is_the_ledger',
    what: 'a restocked unit whose move names another line',
    statements: [sql`update stock_moves set reference_id = ${newId()} where reason = 'returned'`],
    subject: /^return \d+ sku /,
    found: /^moves 0$/,
  },
  {
    line: 'returns.decided_within_returned',
    what: 'a decision that nobody took',
    statements: [sql`delete from return_decisions`],
    subject: /^return \d+ line /,
    found: /^decided, decided 1 \+ 0 \+ 0$/,
  },
  {
    line: 'returns.decided_within_returned',
    what: 'a decided return with a unit that waits',
    statements: [
      sql`update return_lines set quantity = quantity + 1`,
      sql`update order_line_parts set returned = returned + 1 where returned > 0`,
    ],
    subject: /^return \d+ line /,
    found: /^decided, decided 1 \+ 0 \+ 0$/,
  },
  {
    line: 'returns.returned_within_shipped',
    what: 'a returned unit that is in no return',
    statements: [sql`update order_line_parts set returned = returned + 1 where returned > 0`],
    subject: /^part \S+ of order \d+$/,
    found: /^returned 2$/,
  },
  {
    line: 'returns.refunded_within_paid',
    what: 'an ask for more than was paid',
    statements: [
      sql`insert into return_refunds (id, order_id, return_id, request_id, state, amount_minor, lines, created_at, updated_at)
          select ${newId()}, order_id, id, ${newId()}, 'asked', 10000000, '[]', now(), now() from returns`,
    ],
    subject: /^order \d+$/,
    found: /^refunded 10000030$/,
  },
  {
    line: 'invoices.numbers_have_no_gaps',
    what: 'a number that nobody was given',
    statements: [issuedMayChange, sql`update invoices set serial = serial + 1 where kind = 'invoice'`],
    subject: /^series INV of \d{4}$/,
    found: /^lowest 2, highest 2: 1 numbers$/,
  },
  {
    line: 'invoices.total_is_the_orders',
    what: 'an invoice that is a cent too high',
    statements: [issuedMayChange, sql`update invoices set total_minor = total_minor + 1 where kind = 'invoice'`],
    subject: /^invoice INV-/,
    found: /^total \d+$/,
  },
  {
    line: 'invoices.credited_within_invoiced',
    what: 'a credit note of more than its invoice',
    statements: [issuedMayChange, sql`update invoices set total_minor = 10000000 where kind = 'credit_note'`],
    subject: /^invoice INV-/,
    found: /^credited 10000000$/,
  },
  {
    line: 'listings.show_the_wanted_quantity',
    what: 'a shop that shows one too many',
    statements: [
      sql`update listings set seen_quantity = seen_quantity + 1
          where id = (select id from listings where sku_id is not null order by external_id limit 1)`,
    ],
    subject: /^listing /,
    found: /^\d+$/,
  },
  {
    line: 'packages.once_on_the_channel',
    what: 'a package that is not there',
    statements: [sql`delete from order_packages where order_id = ${shipped}`],
    subject: /^package T-1 of order \d+$/,
    found: /^0 times$/,
  },
  {
    line: 'packages.once_on_the_channel',
    what: 'a package that is there twice',
    statements: [
      sql`insert into order_packages (id, order_id, external_id, tracking_number, carrier, state, lines, seen_at)
          select ${newId()}, order_id, 'again', tracking_number, carrier, state, lines, seen_at
          from order_packages where order_id = ${shipped}`,
    ],
    subject: /^package T-1 of order \d+$/,
    found: /^2 times$/,
  },
  {
    line: 'requests.once_on_the_channel',
    what: 'a refund that was made and is not on its order',
    statements: [sql`update channel_requests set external_id = 'elsewhere' where kind = 'refund' and state = 'done'`],
    subject: /^refund of order \d+$/,
    found: /^0 times$/,
  },
];
