-- Shops with sealed credentials, their cursors and health, and listings with versioned numbers to tell.
-- Locks: only tables made here.

CREATE TABLE "listings" (
  "id" uuid PRIMARY KEY NOT NULL,
  "shop_id" uuid NOT NULL,
  "external_id" text COLLATE "C" NOT NULL,
  "parent_external_id" text COLLATE "C",
  "sku_code" text COLLATE "C",
  "barcode" text COLLATE "C",
  "title" text NOT NULL,
  "price" text,
  "is_active" boolean DEFAULT true NOT NULL,
  "tracks_stock" boolean DEFAULT true NOT NULL,
  "sku_id" uuid,
  "multiplier" integer DEFAULT 1 NOT NULL,
  "mapped_at" timestamp(3) with time zone,
  "proposed_sku_id" uuid,
  "proposed_by" text,
  "wanted_version" bigint DEFAULT 1 NOT NULL,
  "told_version" bigint,
  "told_quantity" integer,
  "told_at" timestamp(3) with time zone,
  "push_failures" integer DEFAULT 0 NOT NULL,
  "push_due_at" timestamp(3) with time zone,
  "push_cause" jsonb,
  "seen_quantity" integer,
  "seen_at" timestamp(3) with time zone,
  "version" integer DEFAULT 1 NOT NULL,
  "created_at" timestamp(3) with time zone NOT NULL,
  "updated_at" timestamp(3) with time zone NOT NULL,
  CONSTRAINT "listings_multiplier_positive" CHECK ("listings"."multiplier" > 0),
  CONSTRAINT "listings_told_not_ahead" CHECK ("listings"."told_version" <= "listings"."wanted_version"),
  CONSTRAINT "listings_proposed_by_known" CHECK ("listings"."proposed_by" in ('sku', 'barcode'))
);

CREATE TABLE "shop_cursors" (
  "shop_id" uuid NOT NULL,
  "stream" text COLLATE "C" NOT NULL,
  "state" jsonb,
  "resume" jsonb,
  "due_at" timestamp(3) with time zone NOT NULL,
  "started_at" timestamp(3) with time zone,
  "finished_at" timestamp(3) with time zone,
  "version" integer DEFAULT 1 NOT NULL,
  CONSTRAINT "shop_cursors_shop_id_stream_pk" PRIMARY KEY("shop_id","stream")
);

CREATE TABLE "shop_health" (
  "shop_id" uuid PRIMARY KEY NOT NULL,
  "last_call_at" timestamp(3) with time zone,
  "last_order_at" timestamp(3) with time zone,
  "last_stock_at" timestamp(3) with time zone,
  "last_tracking_at" timestamp(3) with time zone,
  "failures" integer DEFAULT 0 NOT NULL,
  "last_fault" text,
  "last_fault_at" timestamp(3) with time zone,
  "paused_until" timestamp(3) with time zone
);

CREATE TABLE "shop_locations" (
  "shop_id" uuid NOT NULL,
  "external_id" text COLLATE "C" NOT NULL,
  "name" text NOT NULL,
  "warehouse_id" uuid,
  "rank" integer NOT NULL,
  CONSTRAINT "shop_locations_shop_id_external_id_pk" PRIMARY KEY("shop_id","external_id")
);

CREATE TABLE "shops" (
  "id" uuid PRIMARY KEY NOT NULL,
  "channel" text COLLATE "C" NOT NULL,
  "name" text NOT NULL,
  "state" text DEFAULT 'active' NOT NULL,
  "settings" jsonb NOT NULL,
  "secrets" bytea NOT NULL,
  "data_key" bytea NOT NULL,
  "webhook_key" text COLLATE "C" NOT NULL,
  "currency" text NOT NULL,
  "time_zone" text NOT NULL,
  "claims_at" text DEFAULT 'placed' NOT NULL,
  "pushes_stock" boolean DEFAULT false NOT NULL,
  "orders_since" timestamp(3) with time zone NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "created_at" timestamp(3) with time zone NOT NULL,
  "updated_at" timestamp(3) with time zone NOT NULL,
  "removed_at" timestamp(3) with time zone,
  CONSTRAINT "shops_state_known" CHECK ("shops"."state" in ('active', 'paused', 'removed')),
  CONSTRAINT "shops_claims_known" CHECK ("shops"."claims_at" in ('placed', 'paid'))
);
ALTER TABLE "listings" ADD CONSTRAINT "listings_shop_id_shops_id_fk" FOREIGN KEY ("shop_id") REFERENCES "shops"("id");
ALTER TABLE "listings" ADD CONSTRAINT "listings_sku_id_skus_id_fk" FOREIGN KEY ("sku_id") REFERENCES "skus"("id");
ALTER TABLE "listings" ADD CONSTRAINT "listings_proposed_sku_id_skus_id_fk" FOREIGN KEY ("proposed_sku_id") REFERENCES "skus"("id");
ALTER TABLE "shop_cursors" ADD CONSTRAINT "shop_cursors_shop_id_shops_id_fk" FOREIGN KEY ("shop_id") REFERENCES "shops"("id");
ALTER TABLE "shop_health" ADD CONSTRAINT "shop_health_shop_id_shops_id_fk" FOREIGN KEY ("shop_id") REFERENCES "shops"("id");
ALTER TABLE "shop_locations" ADD CONSTRAINT "shop_locations_shop_id_shops_id_fk" FOREIGN KEY ("shop_id") REFERENCES "shops"("id");
CREATE UNIQUE INDEX "listings_external_id" ON "listings" ("shop_id","external_id");
CREATE INDEX "listings_by_sku" ON "listings" ("sku_id");
CREATE INDEX "listings_unmapped" ON "listings" ("shop_id","id") WHERE "listings"."sku_id" is null;
CREATE INDEX "listings_to_tell" ON "listings" ("shop_id","id") WHERE "listings"."sku_id" is not null and "listings"."tracks_stock" and "listings"."is_active" and ("listings"."told_version" is null or "listings"."told_version" < "listings"."wanted_version");
CREATE INDEX "listings_to_read_back" ON "listings" ("shop_id","id") WHERE "listings"."sku_id" is not null and "listings"."tracks_stock" and "listings"."is_active" and "listings"."told_version" is not null and ("listings"."seen_at" is null or "listings"."seen_at" < "listings"."told_at");
CREATE INDEX "shop_cursors_due" ON "shop_cursors" ("due_at","shop_id");
CREATE UNIQUE INDEX "shop_locations_warehouse" ON "shop_locations" ("shop_id","warehouse_id");
CREATE UNIQUE INDEX "shops_webhook_key" ON "shops" ("webhook_key");
CREATE INDEX "shops_by_time" ON "shops" ("created_at","id");
