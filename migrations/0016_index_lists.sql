-- Lists that people look at, newest first, read their whole table where nothing or little matched: the inbox, stock moves, and
-- orders that are open, cancelled or not yet paid (`npm run bench -- --only growth.plans`: 5,023 pages at 100,000 orders for a page
-- of unpaid ones, and ten times those of 10,000). Orders that are done with are in none of the partial indexes.
-- Locks: orders, inbox_events and stock_moves against writes while each index is built (seconds a million rows).

CREATE INDEX "inbox_events_by_time" ON "inbox_events" ("received_at" DESC,"id" DESC);
CREATE INDEX "stock_moves_by_time" ON "stock_moves" ("at" DESC,"id" DESC);
CREATE INDEX "orders_to_ship_by_time" ON "orders" ("placed_at" DESC,"id" DESC) WHERE "orders"."fulfilment_state" <> 'shipped' and "orders"."cancelled_at" is null;
CREATE INDEX "orders_cancelled_by_time" ON "orders" ("placed_at" DESC,"id" DESC) WHERE "orders"."cancelled_at" is not null;
CREATE INDEX "orders_unpaid_by_time" ON "orders" ("placed_at" DESC,"id" DESC) WHERE "orders"."payment_state" <> 'paid';
