-- Products, SKUs and barcodes: what is stocked, and the codes that name it without doubt.
-- Locks: only tables made here.

CREATE TABLE "barcodes" (
  "code" text COLLATE "C" PRIMARY KEY NOT NULL,
  "sku_id" uuid NOT NULL,
  "created_at" timestamp(3) with time zone NOT NULL
);

CREATE TABLE "products" (
  "id" uuid PRIMARY KEY NOT NULL,
  "title" text NOT NULL,
  "state" text DEFAULT 'active' NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "created_at" timestamp(3) with time zone NOT NULL,
  "updated_at" timestamp(3) with time zone NOT NULL,
  CONSTRAINT "products_state_known" CHECK ("products"."state" in ('draft', 'active', 'archived'))
);

CREATE TABLE "skus" (
  "id" uuid PRIMARY KEY NOT NULL,
  "product_id" uuid NOT NULL,
  "code" text COLLATE "C" NOT NULL,
  "title" text NOT NULL,
  "weight_g" integer,
  "version" integer DEFAULT 1 NOT NULL,
  "created_at" timestamp(3) with time zone NOT NULL,
  "updated_at" timestamp(3) with time zone NOT NULL,
  CONSTRAINT "skus_weight_positive" CHECK ("skus"."weight_g" > 0)
);
ALTER TABLE "barcodes" ADD CONSTRAINT "barcodes_sku_id_skus_id_fk" FOREIGN KEY ("sku_id") REFERENCES "skus"("id");
ALTER TABLE "skus" ADD CONSTRAINT "skus_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "products"("id");
CREATE INDEX "barcodes_by_sku" ON "barcodes" ("sku_id");
CREATE INDEX "products_by_time" ON "products" ("created_at" DESC,"id" DESC);
CREATE UNIQUE INDEX "skus_code" ON "skus" ("code");
CREATE INDEX "skus_by_product" ON "skus" ("product_id");
