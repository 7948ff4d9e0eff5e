-- Returns that a channel itself reports: what its document says (a set of the order, replaced whole), and what was made of each
-- report, once, so that the database refuses a second return for it.
-- Locks: tables made here; a short share lock on orders and returns for the keys to them; an exclusive lock on returns while
-- its CHECK, which allows one source more, reads the table once.

CREATE TABLE "order_returns" (
  "id" uuid PRIMARY KEY NOT NULL,
  "order_id" uuid NOT NULL,
  "external_id" text COLLATE "C" NOT NULL,
  "state" text NOT NULL,
  "reason" text,
  "asked_at" timestamp(3) with time zone,
  "lines" jsonb NOT NULL,
  CONSTRAINT "order_returns_state_known" CHECK ("order_returns"."state" in ('requested', 'received', 'cancelled'))
);

CREATE TABLE "return_reports" (
  "id" uuid PRIMARY KEY NOT NULL,
  "order_id" uuid NOT NULL,
  "external_id" text COLLATE "C" NOT NULL,
  "return_id" uuid,
  "state" text NOT NULL,
  "lines" jsonb NOT NULL,
  "created_at" timestamp(3) with time zone NOT NULL,
  "updated_at" timestamp(3) with time zone NOT NULL,
  CONSTRAINT "return_reports_state_known" CHECK ("return_reports"."state" in ('requested', 'received', 'cancelled'))
);

ALTER TABLE "order_returns" ADD CONSTRAINT "order_returns_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "return_reports" ADD CONSTRAINT "return_reports_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "return_reports" ADD CONSTRAINT "return_reports_return_id_returns_id_fk" FOREIGN KEY ("return_id") REFERENCES "returns"("id");
CREATE UNIQUE INDEX "order_returns_external_id" ON "order_returns" ("order_id","external_id");
CREATE UNIQUE INDEX "return_reports_external_id" ON "return_reports" ("order_id","external_id");
CREATE INDEX "return_reports_by_return" ON "return_reports" ("return_id");

ALTER TABLE "returns" DROP CONSTRAINT "returns_source_known";
ALTER TABLE "returns" ADD CONSTRAINT "returns_source_known" CHECK ("returns"."source" in ('person', 'channel_refund', 'channel_return'));
