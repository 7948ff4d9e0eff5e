-- Warehouses, levels, moves, demand and reservations: the ledger, and the CHECK that is the net under every race.
-- Locks: only tables made here, and a short exclusive lock on the empty tables it adds keys to.

CREATE TABLE "expected_receipts" (
  "id" uuid PRIMARY KEY NOT NULL,
  "sku_id" uuid NOT NULL,
  "warehouse_id" uuid NOT NULL,
  "quantity" integer NOT NULL,
  "received_quantity" integer DEFAULT 0 NOT NULL,
  "expected_at" timestamp(3) with time zone NOT NULL,
  "created_at" timestamp(3) with time zone NOT NULL,
  CONSTRAINT "expected_receipts_quantity_positive" CHECK ("expected_receipts"."quantity" > 0 and "expected_receipts"."received_quantity" >= 0)
);

CREATE TABLE "lots" (
  "id" uuid PRIMARY KEY NOT NULL,
  "sku_id" uuid NOT NULL,
  "number" text COLLATE "C" NOT NULL,
  "made_on" date,
  "expires_on" date,
  "created_at" timestamp(3) with time zone NOT NULL
);

CREATE TABLE "reservations" (
  "id" uuid PRIMARY KEY NOT NULL,
  "sku_id" uuid NOT NULL,
  "warehouse_id" uuid NOT NULL,
  "part_id" uuid NOT NULL,
  "shipment_line_id" uuid NOT NULL,
  "quantity" integer NOT NULL,
  "state" text DEFAULT 'open' NOT NULL,
  "expires_after" date,
  "created_at" timestamp(3) with time zone NOT NULL,
  "closed_at" timestamp(3) with time zone,
  CONSTRAINT "reservations_quantity_positive" CHECK ("reservations"."quantity" > 0),
  CONSTRAINT "reservations_state_known" CHECK ("reservations"."state" in ('open', 'consumed', 'released')),
  CONSTRAINT "reservations_closed_when_not_open" CHECK (("reservations"."state" = 'open') = ("reservations"."closed_at" is null))
);

CREATE TABLE "shop_warehouses" (
  "shop_id" uuid NOT NULL,
  "warehouse_id" uuid NOT NULL,
  "rank" integer NOT NULL,
  CONSTRAINT "shop_warehouses_shop_id_warehouse_id_pk" PRIMARY KEY("shop_id","warehouse_id")
);

CREATE TABLE "stock_demand" (
  "part_id" uuid PRIMARY KEY NOT NULL,
  "order_id" uuid NOT NULL,
  "shop_id" uuid NOT NULL,
  "sku_id" uuid NOT NULL,
  "quantity" integer NOT NULL,
  "claims" boolean NOT NULL,
  "is_held" boolean NOT NULL,
  "is_due" boolean NOT NULL,
  "priority" integer DEFAULT 0 NOT NULL,
  "ship_by" timestamp(3) with time zone,
  "paid_at" timestamp(3) with time zone,
  "placed_at" timestamp(3) with time zone NOT NULL,
  CONSTRAINT "stock_demand_not_negative" CHECK ("stock_demand"."quantity" >= 0)
);

CREATE TABLE "stock_details" (
  "sku_id" uuid NOT NULL,
  "warehouse_id" uuid NOT NULL,
  "bin_code" text COLLATE "C" DEFAULT '' NOT NULL,
  "lot_id" uuid,
  "condition" text DEFAULT 'sellable' NOT NULL,
  "quantity" integer NOT NULL,
  CONSTRAINT "stock_details_place" UNIQUE NULLS NOT DISTINCT("sku_id","warehouse_id","bin_code","lot_id","condition"),
  CONSTRAINT "stock_details_not_negative" CHECK ("stock_details"."quantity" >= 0),
  CONSTRAINT "stock_details_condition_known" CHECK ("stock_details"."condition" in ('sellable', 'damaged', 'inspection'))
);

CREATE TABLE "stock_levels" (
  "sku_id" uuid NOT NULL,
  "warehouse_id" uuid NOT NULL,
  "on_hand" integer DEFAULT 0 NOT NULL,
  "reserved" integer DEFAULT 0 NOT NULL,
  "updated_at" timestamp(3) with time zone NOT NULL,
  CONSTRAINT "stock_levels_sku_id_warehouse_id_pk" PRIMARY KEY("sku_id","warehouse_id"),
  CONSTRAINT "stock_levels_reserved_within_on_hand" CHECK ("stock_levels"."reserved" >= 0 and "stock_levels"."reserved" <= "stock_levels"."on_hand")
);

CREATE TABLE "stock_moves" (
  "id" uuid PRIMARY KEY NOT NULL,
  "at" timestamp(3) with time zone NOT NULL,
  "sku_id" uuid NOT NULL,
  "warehouse_id" uuid NOT NULL,
  "bin_code" text COLLATE "C" DEFAULT '' NOT NULL,
  "lot_id" uuid,
  "condition" text DEFAULT 'sellable' NOT NULL,
  "quantity" integer NOT NULL,
  "reason" text NOT NULL,
  "reference_kind" text,
  "reference_id" uuid,
  "note" text,
  "unit_cost" numeric(20, 6),
  "cost_currency" text,
  "actor_kind" text NOT NULL,
  "actor_id" text COLLATE "C" NOT NULL,
  CONSTRAINT "stock_moves_move_something" CHECK ("stock_moves"."quantity" <> 0),
  CONSTRAINT "stock_moves_reason_known" CHECK ("stock_moves"."reason" in ('received', 'adjusted', 'counted', 'shipped', 'transferred', 'returned', 'assembled')),
  CONSTRAINT "stock_moves_cost_has_currency" CHECK (("stock_moves"."unit_cost" is null) = ("stock_moves"."cost_currency" is null))
);

CREATE TABLE "warehouses" (
  "id" uuid PRIMARY KEY NOT NULL,
  "code" text COLLATE "C" NOT NULL,
  "name" text NOT NULL,
  "kind" text DEFAULT 'physical' NOT NULL,
  "country_code" text NOT NULL,
  "time_zone" text NOT NULL,
  "is_active" boolean DEFAULT true NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "created_at" timestamp(3) with time zone NOT NULL,
  "updated_at" timestamp(3) with time zone NOT NULL,
  CONSTRAINT "warehouses_kind_known" CHECK ("warehouses"."kind" in ('physical', 'in_transit'))
);
ALTER TABLE "expected_receipts" ADD CONSTRAINT "expected_receipts_sku_id_skus_id_fk" FOREIGN KEY ("sku_id") REFERENCES "skus"("id");
ALTER TABLE "expected_receipts" ADD CONSTRAINT "expected_receipts_warehouse_id_warehouses_id_fk" FOREIGN KEY ("warehouse_id") REFERENCES "warehouses"("id");
ALTER TABLE "lots" ADD CONSTRAINT "lots_sku_id_skus_id_fk" FOREIGN KEY ("sku_id") REFERENCES "skus"("id");
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_sku_id_skus_id_fk" FOREIGN KEY ("sku_id") REFERENCES "skus"("id");
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_warehouse_id_warehouses_id_fk" FOREIGN KEY ("warehouse_id") REFERENCES "warehouses"("id");
ALTER TABLE "shop_warehouses" ADD CONSTRAINT "shop_warehouses_shop_id_shops_id_fk" FOREIGN KEY ("shop_id") REFERENCES "shops"("id");
ALTER TABLE "shop_warehouses" ADD CONSTRAINT "shop_warehouses_warehouse_id_warehouses_id_fk" FOREIGN KEY ("warehouse_id") REFERENCES "warehouses"("id");
ALTER TABLE "stock_demand" ADD CONSTRAINT "stock_demand_shop_id_shops_id_fk" FOREIGN KEY ("shop_id") REFERENCES "shops"("id");
ALTER TABLE "stock_demand" ADD CONSTRAINT "stock_demand_sku_id_skus_id_fk" FOREIGN KEY ("sku_id") REFERENCES "skus"("id");
ALTER TABLE "stock_details" ADD CONSTRAINT "stock_details_sku_id_skus_id_fk" FOREIGN KEY ("sku_id") REFERENCES "skus"("id");
ALTER TABLE "stock_details" ADD CONSTRAINT "stock_details_warehouse_id_warehouses_id_fk" FOREIGN KEY ("warehouse_id") REFERENCES "warehouses"("id");
ALTER TABLE "stock_details" ADD CONSTRAINT "stock_details_lot_id_lots_id_fk" FOREIGN KEY ("lot_id") REFERENCES "lots"("id");
ALTER TABLE "stock_levels" ADD CONSTRAINT "stock_levels_sku_id_skus_id_fk" FOREIGN KEY ("sku_id") REFERENCES "skus"("id");
ALTER TABLE "stock_levels" ADD CONSTRAINT "stock_levels_warehouse_id_warehouses_id_fk" FOREIGN KEY ("warehouse_id") REFERENCES "warehouses"("id");
ALTER TABLE "stock_moves" ADD CONSTRAINT "stock_moves_sku_id_skus_id_fk" FOREIGN KEY ("sku_id") REFERENCES "skus"("id");
ALTER TABLE "stock_moves" ADD CONSTRAINT "stock_moves_warehouse_id_warehouses_id_fk" FOREIGN KEY ("warehouse_id") REFERENCES "warehouses"("id");
ALTER TABLE "stock_moves" ADD CONSTRAINT "stock_moves_lot_id_lots_id_fk" FOREIGN KEY ("lot_id") REFERENCES "lots"("id");
CREATE INDEX "expected_receipts_by_sku" ON "expected_receipts" ("sku_id","expected_at");
CREATE UNIQUE INDEX "lots_number" ON "lots" ("sku_id","number");
CREATE INDEX "reservations_open_by_level" ON "reservations" ("sku_id","warehouse_id") WHERE "reservations"."state" = 'open';
CREATE INDEX "reservations_by_part" ON "reservations" ("part_id");
CREATE UNIQUE INDEX "reservations_open_line" ON "reservations" ("shipment_line_id") WHERE "reservations"."state" = 'open';
CREATE INDEX "shop_warehouses_by_warehouse" ON "shop_warehouses" ("warehouse_id");
CREATE INDEX "stock_demand_open" ON "stock_demand" ("sku_id","shop_id") WHERE "stock_demand"."quantity" > 0;
CREATE INDEX "stock_demand_due" ON "stock_demand" ("priority" DESC,"ship_by","paid_at","placed_at","order_id") WHERE "stock_demand"."is_due" and not "stock_demand"."is_held" and "stock_demand"."quantity" > 0;
CREATE INDEX "stock_demand_by_order" ON "stock_demand" ("order_id");
CREATE INDEX "stock_moves_by_level" ON "stock_moves" ("sku_id","warehouse_id","at" DESC,"id" DESC);
CREATE INDEX "stock_moves_by_reference" ON "stock_moves" ("reference_id");
CREATE UNIQUE INDEX "warehouses_code" ON "warehouses" ("code");

ALTER TABLE "shop_locations" ADD CONSTRAINT "shop_locations_warehouse_id_fk" FOREIGN KEY ("warehouse_id") REFERENCES "warehouses"("id");
