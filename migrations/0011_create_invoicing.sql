-- Invoices and credit notes: what must be written (requests), the series that number it without gaps, and what was issued,
-- which never changes again: triggers refuse it. Two series and the company's rule ("never") stand from the start.
-- Locks: only tables made here; references orders and shops for an instant.

CREATE TABLE "invoice_series" (
  "id" uuid PRIMARY KEY NOT NULL,
  "code" text COLLATE "C" NOT NULL,
  "format" text COLLATE "C" NOT NULL,
  "restarts" text NOT NULL,
  "start_serial" bigint NOT NULL,
  "start_period" integer NOT NULL,
  "period" integer NOT NULL,
  "last_serial" bigint NOT NULL,
  "state" text DEFAULT 'open' NOT NULL,
  "locked_at" timestamp(3) with time zone,
  "locked_because" text,
  "doubted_before" timestamp(3) with time zone,
  "created_at" timestamp(3) with time zone NOT NULL,
  "updated_at" timestamp(3) with time zone NOT NULL,
  CONSTRAINT "invoice_series_restarts_known" CHECK ("invoice_series"."restarts" in ('yearly', 'never')),
  CONSTRAINT "invoice_series_state_known" CHECK ("invoice_series"."state" in ('open', 'locked')),
  CONSTRAINT "invoice_series_counts_up" CHECK ("invoice_series"."start_serial" >= 1 and "invoice_series"."last_serial" >= 0 and "invoice_series"."period" >= "invoice_series"."start_period"),
  CONSTRAINT "invoice_series_lock_has_time" CHECK ("invoice_series"."state" = 'open' or "invoice_series"."locked_at" is not null)
);

CREATE TABLE "invoice_rules" (
  "id" uuid PRIMARY KEY NOT NULL,
  "shop_id" uuid,
  "at" text,
  "language" text,
  "invoice_series_id" uuid,
  "credit_series_id" uuid,
  "orders_since" timestamp(3) with time zone,
  "updated_at" timestamp(3) with time zone NOT NULL,
  CONSTRAINT "invoice_rules_shop" UNIQUE NULLS NOT DISTINCT ("shop_id"),
  CONSTRAINT "invoice_rules_at_known" CHECK ("invoice_rules"."at" in ('ship_out', 'payment', 'never')),
  CONSTRAINT "invoice_rules_language_known" CHECK ("invoice_rules"."language" in ('zh-CN', 'en', 'both')),
  CONSTRAINT "invoice_rules_at_has_start" CHECK (("invoice_rules"."at" is null) = ("invoice_rules"."orders_since" is null)),
  CONSTRAINT "invoice_rules_company_is_whole" CHECK ("invoice_rules"."shop_id" is not null or num_nulls("invoice_rules"."at", "invoice_rules"."language", "invoice_rules"."invoice_series_id", "invoice_rules"."credit_series_id") = 0)
);

CREATE TABLE "invoice_requests" (
  "id" uuid PRIMARY KEY NOT NULL,
  "order_id" uuid NOT NULL,
  "shop_id" uuid NOT NULL,
  "version" integer NOT NULL,
  "kind" text NOT NULL,
  "source" text NOT NULL,
  "series_id" uuid NOT NULL,
  "language" text NOT NULL,
  "corrects_request_id" uuid,
  "refund_external_id" text COLLATE "C",
  "amount_minor" bigint,
  "up_to_minor" bigint,
  "reason" text,
  "state" text DEFAULT 'due' NOT NULL,
  "is_reversed" boolean DEFAULT false NOT NULL,
  "cause" jsonb,
  "fact_at" timestamp(3) with time zone NOT NULL,
  "created_at" timestamp(3) with time zone NOT NULL,
  "settled_at" timestamp(3) with time zone,
  CONSTRAINT "invoice_requests_kind_known" CHECK ("invoice_requests"."kind" in ('invoice', 'credit_note')),
  CONSTRAINT "invoice_requests_source_known" CHECK ("invoice_requests"."source" in ('ship_out', 'payment', 'manual', 'edit', 'refund', 'cancel')),
  CONSTRAINT "invoice_requests_language_known" CHECK ("invoice_requests"."language" in ('zh-CN', 'en', 'both')),
  CONSTRAINT "invoice_requests_state_known" CHECK ("invoice_requests"."state" in ('due', 'parked', 'numbered', 'dropped')),
  CONSTRAINT "invoice_requests_credit_is_whole" CHECK (num_nulls("invoice_requests"."corrects_request_id", "invoice_requests"."amount_minor", "invoice_requests"."up_to_minor") = case when "invoice_requests"."kind" = 'credit_note' then 0 else 3 end),
  CONSTRAINT "invoice_requests_credit_is_something" CHECK ("invoice_requests"."amount_minor" > 0 and "invoice_requests"."up_to_minor" >= "invoice_requests"."amount_minor")
);

CREATE TABLE "invoices" (
  "id" uuid PRIMARY KEY NOT NULL,
  "request_id" uuid NOT NULL,
  "kind" text NOT NULL,
  "series_id" uuid NOT NULL,
  "period" integer NOT NULL,
  "serial" bigint NOT NULL,
  "number" text COLLATE "C" NOT NULL,
  "order_id" uuid NOT NULL,
  "shop_id" uuid NOT NULL,
  "order_version" integer NOT NULL,
  "corrects_invoice_id" uuid,
  "issued_at" timestamp(3) with time zone NOT NULL,
  "issued_on" date NOT NULL,
  "currency" text NOT NULL,
  "total_minor" bigint NOT NULL,
  "tax_minor" bigint NOT NULL,
  "content" jsonb NOT NULL,
  "content_hash" bytea NOT NULL,
  CONSTRAINT "invoices_kind_known" CHECK ("invoices"."kind" in ('invoice', 'credit_note')),
  CONSTRAINT "invoices_credit_corrects" CHECK (("invoices"."kind" = 'credit_note') = ("invoices"."corrects_invoice_id" is not null))
);

CREATE TABLE "invoice_receivers" (
  "invoice_id" uuid PRIMARY KEY NOT NULL,
  "ciphertext" bytea NOT NULL,
  "data_key" bytea NOT NULL,
  "keep_until" date NOT NULL
);

CREATE TABLE "invoice_lost_numbers" (
  "series_id" uuid NOT NULL,
  "period" integer NOT NULL,
  "first_serial" bigint NOT NULL,
  "last_serial" bigint NOT NULL,
  "confirmed_by" text COLLATE "C" NOT NULL,
  "confirmed_at" timestamp(3) with time zone NOT NULL,
  CONSTRAINT "invoice_lost_numbers_series_id_period_first_serial_pk" PRIMARY KEY("series_id","period","first_serial"),
  CONSTRAINT "invoice_lost_numbers_some" CHECK ("invoice_lost_numbers"."first_serial" <= "invoice_lost_numbers"."last_serial")
);
ALTER TABLE "invoice_rules" ADD CONSTRAINT "invoice_rules_shop_id_shops_id_fk" FOREIGN KEY ("shop_id") REFERENCES "shops"("id");
ALTER TABLE "invoice_rules" ADD CONSTRAINT "invoice_rules_invoice_series_id_invoice_series_id_fk" FOREIGN KEY ("invoice_series_id") REFERENCES "invoice_series"("id");
ALTER TABLE "invoice_rules" ADD CONSTRAINT "invoice_rules_credit_series_id_invoice_series_id_fk" FOREIGN KEY ("credit_series_id") REFERENCES "invoice_series"("id");
ALTER TABLE "invoice_requests" ADD CONSTRAINT "invoice_requests_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "invoice_requests" ADD CONSTRAINT "invoice_requests_shop_id_shops_id_fk" FOREIGN KEY ("shop_id") REFERENCES "shops"("id");
ALTER TABLE "invoice_requests" ADD CONSTRAINT "invoice_requests_series_id_invoice_series_id_fk" FOREIGN KEY ("series_id") REFERENCES "invoice_series"("id");
ALTER TABLE "invoice_requests" ADD CONSTRAINT "invoice_requests_corrects_request_id_invoice_requests_id_fk" FOREIGN KEY ("corrects_request_id") REFERENCES "invoice_requests"("id");
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_request_id_invoice_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "invoice_requests"("id");
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_series_id_invoice_series_id_fk" FOREIGN KEY ("series_id") REFERENCES "invoice_series"("id");
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "orders"("id");
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_shop_id_shops_id_fk" FOREIGN KEY ("shop_id") REFERENCES "shops"("id");
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_corrects_invoice_id_invoices_id_fk" FOREIGN KEY ("corrects_invoice_id") REFERENCES "invoices"("id");
ALTER TABLE "invoice_receivers" ADD CONSTRAINT "invoice_receivers_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "invoices"("id");
ALTER TABLE "invoice_lost_numbers" ADD CONSTRAINT "invoice_lost_numbers_series_id_invoice_series_id_fk" FOREIGN KEY ("series_id") REFERENCES "invoice_series"("id");
CREATE UNIQUE INDEX "invoice_series_code" ON "invoice_series" ("code");
CREATE UNIQUE INDEX "invoice_series_format" ON "invoice_series" ("format");
CREATE UNIQUE INDEX "invoice_requests_version" ON "invoice_requests" ("order_id","version","kind") WHERE "invoice_requests"."kind" = 'invoice';
CREATE UNIQUE INDEX "invoice_requests_live" ON "invoice_requests" ("order_id") WHERE "invoice_requests"."kind" = 'invoice' and "invoice_requests"."state" <> 'dropped' and not "invoice_requests"."is_reversed";
CREATE UNIQUE INDEX "invoice_requests_refund" ON "invoice_requests" ("corrects_request_id","refund_external_id") WHERE "invoice_requests"."refund_external_id" is not null;
CREATE UNIQUE INDEX "invoice_requests_credit" ON "invoice_requests" ("corrects_request_id","up_to_minor") WHERE "invoice_requests"."kind" = 'credit_note';
CREATE INDEX "invoice_requests_by_order" ON "invoice_requests" ("order_id");
CREATE INDEX "invoice_requests_due" ON "invoice_requests" ("created_at","id") WHERE "invoice_requests"."state" = 'due';
CREATE INDEX "invoice_requests_by_time" ON "invoice_requests" ("created_at" DESC,"id" DESC);
CREATE UNIQUE INDEX "invoices_serial" ON "invoices" ("series_id","period","serial");
CREATE UNIQUE INDEX "invoices_number" ON "invoices" ("number");
CREATE UNIQUE INDEX "invoices_request" ON "invoices" ("request_id");
CREATE INDEX "invoices_by_order" ON "invoices" ("order_id");
CREATE INDEX "invoices_by_time" ON "invoices" ("issued_at" DESC,"id" DESC);
CREATE INDEX "invoices_corrections" ON "invoices" ("corrects_invoice_id") WHERE "invoices"."corrects_invoice_id" is not null;
CREATE INDEX "invoice_receivers_by_term" ON "invoice_receivers" ("keep_until");

-- What is issued stays as it is: it is voided by a credit note only. Who received it goes when the term of law is over.
CREATE FUNCTION "refuse_change_of_invoice"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was issued never changes: write a credit note' USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION "refuse_early_forgetting"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.keep_until < (clock_timestamp() AT TIME ZONE 'UTC')::date THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'the receiver of an invoice is kept until its term' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "invoices_never_change" BEFORE UPDATE OR DELETE ON "invoices" FOR EACH ROW EXECUTE FUNCTION "refuse_change_of_invoice"();
CREATE TRIGGER "invoices_never_emptied" BEFORE TRUNCATE ON "invoices" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_invoice"();
CREATE TRIGGER "invoice_receivers_never_change" BEFORE UPDATE ON "invoice_receivers" FOR EACH ROW EXECUTE FUNCTION "refuse_change_of_invoice"();
CREATE TRIGGER "invoice_receivers_kept" BEFORE DELETE ON "invoice_receivers" FOR EACH ROW EXECUTE FUNCTION "refuse_early_forgetting"();
CREATE TRIGGER "invoice_receivers_never_emptied" BEFORE TRUNCATE ON "invoice_receivers" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_invoice"();

INSERT INTO "invoice_series" ("id", "code", "format", "restarts", "start_serial", "start_period", "period", "last_serial", "created_at", "updated_at")
VALUES
  ('019a0000-0000-7000-8000-000000000001', 'INV', 'INV-{year}-{number:6}', 'yearly', 1, 0, 0, 0, now(), now()),
  ('019a0000-0000-7000-8000-000000000002', 'CN', 'CN-{year}-{number:6}', 'yearly', 1, 0, 0, 0, now(), now());
INSERT INTO "invoice_rules" ("id", "shop_id", "at", "language", "invoice_series_id", "credit_series_id", "orders_since", "updated_at")
VALUES ('019a0000-0000-7000-8000-000000000003', null, 'never', 'en', '019a0000-0000-7000-8000-000000000001', '019a0000-0000-7000-8000-000000000002', now(), now());
