-- Orders as sold, with their money, facts and receivers; parts; timeline. Demand and reservations learn to point at parts.
-- Locks: only tables made here, and a short exclusive lock on the empty tables it adds keys to.

CREATE TABLE "order_discounts" (
  "id" uuid PRIMARY KEY NOT NULL,
  "order_id" uuid NOT NULL,
  "order_line_id" uuid,
  "code" text,
  "title" text NOT NULL,
  "amount_minor" bigint NOT NULL,
  "funded_by" text NOT NULL,
  CONSTRAINT "order_discounts_funded_by_known" CHECK ("order_discounts"."funded_by" in ('seller', 'platform'))
);

CREATE TABLE "order_holds" (
  "id" uuid PRIMARY KEY NOT NULL,
  "order_id" uuid NOT NULL,
  "kind" text NOT NULL,
  "cause" jsonb NOT NULL,
  "placed_at" timestamp(3) with time zone NOT NULL,
  "released_at" timestamp(3) with time zone,
  "released_by" text,
  CONSTRAINT "order_holds_kind_known" CHECK ("order_holds"."kind" in ('unpaid', 'unmapped', 'address', 'approval', 'fraud', 'refund_asked', 'cancel_asked', 'manual'))
);

CREATE TABLE "order_line_parts" (
  "id" uuid PRIMARY KEY NOT NULL,
  "order_line_id" uuid NOT NULL,
  "order_id" uuid NOT NULL,
  "sku_id" uuid NOT NULL,
  "units_per_line" integer NOT NULL,
  "ordered" integer NOT NULL,
  "cancelled" integer DEFAULT 0 NOT NULL,
  "shipped" integer DEFAULT 0 NOT NULL,
  "shipped_elsewhere" integer DEFAULT 0 NOT NULL,
  CONSTRAINT "order_line_parts_elsewhere_fits" CHECK ("order_line_parts"."shipped_elsewhere" >= 0 and "order_line_parts"."shipped_elsewhere" <= "order_line_parts"."cancelled"),
  CONSTRAINT "order_line_parts_counters_fit" CHECK ("order_line_parts"."units_per_line" > 0 and "order_line_parts"."cancelled" >= 0 and "order_line_parts"."shipped" >= 0 and "order_line_parts"."cancelled" + "order_line_parts"."shipped" <= "order_line_parts"."ordered")
);

CREATE TABLE "order_lines" (
  "id" uuid PRIMARY KEY NOT NULL,
  "order_id" uuid NOT NULL,
  "external_id" text COLLATE "C" NOT NULL,
  "position" integer NOT NULL,
  "listing_id" uuid,
  "listing_external_id" text COLLATE "C",
  "sku_code" text COLLATE "C",
  "title" text NOT NULL,
  "quantity" integer NOT NULL,
  "cancelled_quantity" integer NOT NULL,
  "channel_fulfilled_quantity" integer NOT NULL,
  "unit_price" numeric(20, 8),
  "amount_minor" bigint NOT NULL,
  "fulfilled_by" text NOT NULL,
  "is_gift" boolean NOT NULL,
  "is_presale" boolean NOT NULL,
  CONSTRAINT "order_lines_quantities_fit" CHECK ("order_lines"."cancelled_quantity" >= 0 and "order_lines"."channel_fulfilled_quantity" >= 0 and "order_lines"."cancelled_quantity" <= "order_lines"."quantity"),
  CONSTRAINT "order_lines_fulfilled_by_known" CHECK ("order_lines"."fulfilled_by" in ('seller', 'channel'))
);

CREATE TABLE "order_packages" (
  "id" uuid PRIMARY KEY NOT NULL,
  "order_id" uuid NOT NULL,
  "external_id" text COLLATE "C" NOT NULL,
  "tracking_number" text COLLATE "C",
  "carrier" text,
  "state" text NOT NULL,
  "lines" jsonb NOT NULL,
  "seen_at" timestamp(3) with time zone NOT NULL,
  CONSTRAINT "order_packages_state_known" CHECK ("order_packages"."state" in ('pending', 'shipped', 'delivered', 'cancelled'))
);

CREATE TABLE "order_payments" (
  "id" uuid PRIMARY KEY NOT NULL,
  "order_id" uuid NOT NULL,
  "external_id" text COLLATE "C" NOT NULL,
  "method" text NOT NULL,
  "state" text NOT NULL,
  "amount_minor" bigint NOT NULL,
  "paid_at" timestamp(3) with time zone,
  CONSTRAINT "order_payments_state_known" CHECK ("order_payments"."state" in ('pending', 'authorised', 'paid', 'failed', 'cancelled'))
);

CREATE TABLE "order_receivers" (
  "order_id" uuid PRIMARY KEY NOT NULL,
  "masked" jsonb NOT NULL,
  "token" text,
  "ciphertext" bytea,
  "data_key" bytea,
  "source_policy" text NOT NULL,
  "expires_at" timestamp(3) with time zone,
  "merge_key" bytea,
  "phone_tail_key" bytea,
  "name_key" bytea,
  "erased_at" timestamp(3) with time zone,
  CONSTRAINT "order_receivers_policy_known" CHECK ("order_receivers"."source_policy" in ('plain', 'masked', 'token')),
  CONSTRAINT "order_receivers_sealed_with_key" CHECK (("order_receivers"."ciphertext" is null) = ("order_receivers"."data_key" is null))
);

CREATE TABLE "order_refunds" (
  "id" uuid PRIMARY KEY NOT NULL,
  "order_id" uuid NOT NULL,
  "external_id" text COLLATE "C" NOT NULL,
  "payment_external_id" text COLLATE "C",
  "state" text NOT NULL,
  "amount_minor" bigint NOT NULL,
  "reason" text,
  "refunded_at" timestamp(3) with time zone,
  "lines" jsonb NOT NULL,
  CONSTRAINT "order_refunds_state_known" CHECK ("order_refunds"."state" in ('pending', 'settled', 'failed')),
  CONSTRAINT "order_refunds_not_negative" CHECK ("order_refunds"."amount_minor" >= 0)
);

CREATE TABLE "order_shipping_lines" (
  "id" uuid PRIMARY KEY NOT NULL,
  "order_id" uuid NOT NULL,
  "external_id" text COLLATE "C" NOT NULL,
  "title" text NOT NULL,
  "amount_minor" bigint NOT NULL
);

CREATE TABLE "order_taxes" (
  "id" uuid PRIMARY KEY NOT NULL,
  "order_id" uuid NOT NULL,
  "order_line_id" uuid,
  "shipping_line_id" uuid,
  "title" text NOT NULL,
  "rate_percent" numeric(9, 4),
  "amount_minor" bigint NOT NULL,
  CONSTRAINT "order_taxes_of_one_thing" CHECK (num_nonnulls("order_taxes"."order_line_id", "order_taxes"."shipping_line_id") = 1)
);

CREATE TABLE "order_timeline" (
  "id" uuid PRIMARY KEY NOT NULL,
  "order_id" uuid NOT NULL,
  "at" timestamp(3) with time zone NOT NULL,
  "kind" text NOT NULL,
  "data" jsonb NOT NULL,
  "actor_kind" text NOT NULL,
  "actor_id" text COLLATE "C" NOT NULL
);

CREATE TABLE "order_tombstones" (
  "shop_id" uuid NOT NULL,
  "external_id" text COLLATE "C" NOT NULL,
  "cancelled_at" timestamp(3) with time zone NOT NULL,
  "reason" text,
  "created_at" timestamp(3) with time zone NOT NULL,
  CONSTRAINT "order_tombstones_shop_id_external_id_pk" PRIMARY KEY("shop_id","external_id")
);

CREATE TABLE "order_versions" (
  "order_id" uuid NOT NULL,
  "version" integer NOT NULL,
  "document_hash" bytea NOT NULL,
  "inbox_event_id" uuid,
  "applied_at" timestamp(3) with time zone NOT NULL,
  "changes" jsonb NOT NULL,
  CONSTRAINT "order_versions_order_id_version_pk" PRIMARY KEY("order_id","version")
);

CREATE TABLE "orders" (
  "id" uuid PRIMARY KEY NOT NULL,
  "number" bigint GENERATED BY DEFAULT AS IDENTITY (sequence name "orders_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1001 CACHE 1),
  "shop_id" uuid NOT NULL,
  "external_id" text COLLATE "C" NOT NULL,
  "external_number" text COLLATE "C" NOT NULL,
  "document_hash" bytea NOT NULL,
  "source_version" numeric(40, 0),
  "read_started_at" timestamp(3) with time zone NOT NULL,
  "inbox_event_id" uuid,
  "version" integer DEFAULT 1 NOT NULL,
  "currency" text NOT NULL,
  "prices_include_tax" boolean NOT NULL,
  "lines_minor" bigint NOT NULL,
  "shipping_minor" bigint NOT NULL,
  "tax_minor" bigint NOT NULL,
  "discount_minor" bigint NOT NULL,
  "residual_minor" bigint NOT NULL,
  "total_minor" bigint NOT NULL,
  "presentment_currency" text,
  "presentment_total_minor" bigint,
  "buyer_paid_minor" bigint NOT NULL,
  "receivable_minor" bigint NOT NULL,
  "refunded_minor" bigint DEFAULT 0 NOT NULL,
  "base_currency" text,
  "base_rate" numeric(20, 10),
  "base_rate_source" text,
  "base_rate_at" timestamp(3) with time zone,
  "payment_state" text NOT NULL,
  "paid_at" timestamp(3) with time zone,
  "cancelled_at" timestamp(3) with time zone,
  "cancel_reason" text,
  "fulfilment_state" text DEFAULT 'open' NOT NULL,
  "is_closed_on_channel" boolean NOT NULL,
  "superseded_by" uuid,
  "part_of_external_id" text COLLATE "C",
  "placed_at" timestamp(3) with time zone NOT NULL,
  "placed_at_source" text NOT NULL,
  "updated_at_source" text,
  "ship_by" timestamp(3) with time zone,
  "priority" integer DEFAULT 0 NOT NULL,
  "buyer_note" text,
  "shipping_service" text,
  "created_at" timestamp(3) with time zone NOT NULL,
  "updated_at" timestamp(3) with time zone NOT NULL,
  CONSTRAINT "orders_total_adds_up" CHECK ("orders"."total_minor" = "orders"."lines_minor" + "orders"."shipping_minor" + case when "orders"."prices_include_tax" then 0 else "orders"."tax_minor" end - "orders"."discount_minor" + "orders"."residual_minor"),
  CONSTRAINT "orders_payment_state_known" CHECK ("orders"."payment_state" in ('unpaid', 'authorised', 'paid')),
  CONSTRAINT "orders_fulfilment_state_known" CHECK ("orders"."fulfilment_state" in ('open', 'partly_shipped', 'shipped')),
  CONSTRAINT "orders_refunded_not_negative" CHECK ("orders"."refunded_minor" >= 0),
  CONSTRAINT "orders_rate_whole" CHECK (num_nulls("orders"."base_currency", "orders"."base_rate", "orders"."base_rate_source", "orders"."base_rate_at") in (0, 4))
);

CREATE TABLE "unmapped_lines" (
  "order_line_id" uuid PRIMARY KEY NOT NULL,
  "order_id" uuid NOT NULL,
  "shop_id" uuid NOT NULL,
  "listing_external_id" text COLLATE "C",
  "sku_code" text COLLATE "C"
);
ALTER TABLE "order_discounts" ADD CONSTRAINT "order_discounts_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "order_discounts" ADD CONSTRAINT "order_discounts_order_line_id_order_lines_id_fk" FOREIGN KEY ("order_line_id") REFERENCES "order_lines"("id");
ALTER TABLE "order_holds" ADD CONSTRAINT "order_holds_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "order_line_parts" ADD CONSTRAINT "order_line_parts_order_line_id_order_lines_id_fk" FOREIGN KEY ("order_line_id") REFERENCES "order_lines"("id");
ALTER TABLE "order_line_parts" ADD CONSTRAINT "order_line_parts_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "order_line_parts" ADD CONSTRAINT "order_line_parts_sku_id_skus_id_fk" FOREIGN KEY ("sku_id") REFERENCES "skus"("id");
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_listing_id_listings_id_fk" FOREIGN KEY ("listing_id") REFERENCES "listings"("id");
ALTER TABLE "order_packages" ADD CONSTRAINT "order_packages_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "order_payments" ADD CONSTRAINT "order_payments_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "order_receivers" ADD CONSTRAINT "order_receivers_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "order_refunds" ADD CONSTRAINT "order_refunds_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "order_shipping_lines" ADD CONSTRAINT "order_shipping_lines_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "order_taxes" ADD CONSTRAINT "order_taxes_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "order_taxes" ADD CONSTRAINT "order_taxes_order_line_id_order_lines_id_fk" FOREIGN KEY ("order_line_id") REFERENCES "order_lines"("id");
ALTER TABLE "order_taxes" ADD CONSTRAINT "order_taxes_shipping_line_id_order_shipping_lines_id_fk" FOREIGN KEY ("shipping_line_id") REFERENCES "order_shipping_lines"("id");
ALTER TABLE "order_timeline" ADD CONSTRAINT "order_timeline_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "order_tombstones" ADD CONSTRAINT "order_tombstones_shop_id_shops_id_fk" FOREIGN KEY ("shop_id") REFERENCES "shops"("id");
ALTER TABLE "order_versions" ADD CONSTRAINT "order_versions_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "orders" ADD CONSTRAINT "orders_shop_id_shops_id_fk" FOREIGN KEY ("shop_id") REFERENCES "shops"("id");
ALTER TABLE "unmapped_lines" ADD CONSTRAINT "unmapped_lines_order_line_id_order_lines_id_fk" FOREIGN KEY ("order_line_id") REFERENCES "order_lines"("id");
ALTER TABLE "unmapped_lines" ADD CONSTRAINT "unmapped_lines_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "unmapped_lines" ADD CONSTRAINT "unmapped_lines_shop_id_shops_id_fk" FOREIGN KEY ("shop_id") REFERENCES "shops"("id");
CREATE INDEX "order_discounts_by_order" ON "order_discounts" ("order_id");
CREATE UNIQUE INDEX "order_holds_open" ON "order_holds" ("order_id","kind") WHERE "order_holds"."released_at" is null;
CREATE INDEX "order_holds_by_order" ON "order_holds" ("order_id");
CREATE UNIQUE INDEX "order_line_parts_sku" ON "order_line_parts" ("order_line_id","sku_id");
CREATE INDEX "order_line_parts_by_order" ON "order_line_parts" ("order_id");
CREATE INDEX "order_line_parts_by_sku" ON "order_line_parts" ("sku_id");
CREATE UNIQUE INDEX "order_lines_external_id" ON "order_lines" ("order_id","external_id");
CREATE INDEX "order_lines_open_by_listing" ON "order_lines" ("listing_id") WHERE "order_lines"."quantity" > "order_lines"."cancelled_quantity" + "order_lines"."channel_fulfilled_quantity";
CREATE UNIQUE INDEX "order_packages_external_id" ON "order_packages" ("order_id","external_id");
CREATE UNIQUE INDEX "order_payments_external_id" ON "order_payments" ("order_id","external_id");
CREATE INDEX "order_receivers_by_merge_key" ON "order_receivers" ("merge_key");
CREATE UNIQUE INDEX "order_refunds_external_id" ON "order_refunds" ("order_id","external_id");
CREATE UNIQUE INDEX "order_shipping_lines_external_id" ON "order_shipping_lines" ("order_id","external_id");
CREATE INDEX "order_taxes_by_order" ON "order_taxes" ("order_id");
CREATE INDEX "order_timeline_by_order" ON "order_timeline" ("order_id","at","id");
CREATE UNIQUE INDEX "orders_external_id" ON "orders" ("shop_id","external_id");
CREATE UNIQUE INDEX "orders_number" ON "orders" ("number");
CREATE INDEX "orders_by_external_number" ON "orders" ("external_number");
CREATE INDEX "orders_by_time" ON "orders" ("placed_at" DESC,"id" DESC);
CREATE INDEX "orders_open_on_channel" ON "orders" ("shop_id","read_started_at","id") WHERE not "orders"."is_closed_on_channel";
CREATE INDEX "orders_parts_of" ON "orders" ("shop_id","part_of_external_id") WHERE "orders"."part_of_external_id" is not null;
CREATE INDEX "unmapped_lines_by_listing" ON "unmapped_lines" ("shop_id","listing_external_id");
CREATE INDEX "unmapped_lines_by_order" ON "unmapped_lines" ("order_id");

ALTER TABLE "stock_demand" ADD CONSTRAINT "stock_demand_part_id_fk" FOREIGN KEY ("part_id") REFERENCES "order_line_parts"("id");
ALTER TABLE "stock_demand" ADD CONSTRAINT "stock_demand_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_part_id_fk" FOREIGN KEY ("part_id") REFERENCES "order_line_parts"("id");
