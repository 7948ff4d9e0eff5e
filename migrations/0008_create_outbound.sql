-- What channels must be told beside stock: packages, cancels and refunds, each recorded before the call.
-- Locks: only tables made here.

CREATE TABLE "announcements" (
  "id" uuid PRIMARY KEY NOT NULL,
  "shipment_id" uuid NOT NULL,
  "order_id" uuid NOT NULL,
  "shop_id" uuid NOT NULL,
  "state" text DEFAULT 'due' NOT NULL,
  "external_id" text COLLATE "C",
  "attempts" integer DEFAULT 0 NOT NULL,
  "due_at" timestamp(3) with time zone NOT NULL,
  "cause" jsonb,
  "created_at" timestamp(3) with time zone NOT NULL,
  "sent_at" timestamp(3) with time zone,
  "announced_at" timestamp(3) with time zone,
  CONSTRAINT "announcements_state_known" CHECK ("announcements"."state" in ('due', 'sending', 'unknown', 'announced', 'refused'))
);

CREATE TABLE "channel_requests" (
  "id" uuid PRIMARY KEY NOT NULL,
  "shop_id" uuid NOT NULL,
  "order_id" uuid NOT NULL,
  "kind" text NOT NULL,
  "lines" jsonb,
  "amount_minor" bigint,
  "reason" text NOT NULL,
  "state" text DEFAULT 'due' NOT NULL,
  "external_id" text COLLATE "C",
  "attempts" integer DEFAULT 0 NOT NULL,
  "due_at" timestamp(3) with time zone NOT NULL,
  "cause" jsonb,
  "created_at" timestamp(3) with time zone NOT NULL,
  "sent_at" timestamp(3) with time zone,
  "finished_at" timestamp(3) with time zone,
  CONSTRAINT "channel_requests_kind_known" CHECK ("channel_requests"."kind" in ('cancel', 'refund')),
  CONSTRAINT "channel_requests_state_known" CHECK ("channel_requests"."state" in ('due', 'sending', 'unknown', 'done', 'refused')),
  CONSTRAINT "channel_requests_refund_has_amount" CHECK (("channel_requests"."kind" = 'refund') = ("channel_requests"."amount_minor" is not null))
);
ALTER TABLE "announcements" ADD CONSTRAINT "announcements_shipment_id_shipments_id_fk" FOREIGN KEY ("shipment_id") REFERENCES "shipments"("id");
ALTER TABLE "announcements" ADD CONSTRAINT "announcements_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "announcements" ADD CONSTRAINT "announcements_shop_id_shops_id_fk" FOREIGN KEY ("shop_id") REFERENCES "shops"("id");
ALTER TABLE "channel_requests" ADD CONSTRAINT "channel_requests_shop_id_shops_id_fk" FOREIGN KEY ("shop_id") REFERENCES "shops"("id");
ALTER TABLE "channel_requests" ADD CONSTRAINT "channel_requests_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
CREATE UNIQUE INDEX "announcements_shipment_order" ON "announcements" ("shipment_id","order_id");
CREATE INDEX "announcements_by_order" ON "announcements" ("order_id");
CREATE INDEX "announcements_due" ON "announcements" ("shop_id","due_at") WHERE "announcements"."state" in ('due', 'sending', 'unknown');
CREATE INDEX "channel_requests_by_order" ON "channel_requests" ("order_id");
CREATE INDEX "channel_requests_due" ON "channel_requests" ("shop_id","due_at") WHERE "channel_requests"."state" in ('due', 'sending', 'unknown');
