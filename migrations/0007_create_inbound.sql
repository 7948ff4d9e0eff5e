-- The inbox: raw messages kept before anything is decided about them, and the orders to read again.
-- Locks: only tables made here.

CREATE TABLE "inbox_bodies" (
  "inbox_event_id" uuid PRIMARY KEY NOT NULL,
  "ciphertext" bytea NOT NULL,
  "stored_at" timestamp(3) with time zone NOT NULL
);

CREATE TABLE "inbox_events" (
  "id" uuid PRIMARY KEY NOT NULL,
  "shop_id" uuid NOT NULL,
  "source" text NOT NULL,
  "topic" text NOT NULL,
  "external_id" text COLLATE "C",
  "dedupe_key" text COLLATE "C" NOT NULL,
  "state" text DEFAULT 'pending' NOT NULL,
  "content_hash" bytea NOT NULL,
  "source_version" numeric(40, 0),
  "read_started_at" timestamp(3) with time zone NOT NULL,
  "received_at" timestamp(3) with time zone NOT NULL,
  "is_backfill" boolean DEFAULT false NOT NULL,
  "attempts" integer DEFAULT 0 NOT NULL,
  "due_at" timestamp(3) with time zone NOT NULL,
  "finished_at" timestamp(3) with time zone,
  "cause" jsonb,
  CONSTRAINT "inbox_events_source_known" CHECK ("inbox_events"."source" in ('webhook', 'poll', 'read')),
  CONSTRAINT "inbox_events_state_known" CHECK ("inbox_events"."state" in ('pending', 'applied', 'superseded', 'parked'))
);

CREATE TABLE "order_reads" (
  "shop_id" uuid NOT NULL,
  "external_id" text COLLATE "C" NOT NULL,
  "due_at" timestamp(3) with time zone NOT NULL,
  "reason" text NOT NULL,
  "asked_at" timestamp(3) with time zone NOT NULL,
  "attempts" integer DEFAULT 0 NOT NULL,
  CONSTRAINT "order_reads_shop_id_external_id_pk" PRIMARY KEY("shop_id","external_id"),
  CONSTRAINT "order_reads_reason_known" CHECK ("order_reads"."reason" in ('webhook', 'own_write', 'open', 'sweep', 'asked'))
);
ALTER TABLE "inbox_bodies" ADD CONSTRAINT "inbox_bodies_inbox_event_id_inbox_events_id_fk" FOREIGN KEY ("inbox_event_id") REFERENCES "inbox_events"("id");
ALTER TABLE "inbox_events" ADD CONSTRAINT "inbox_events_shop_id_shops_id_fk" FOREIGN KEY ("shop_id") REFERENCES "shops"("id");
ALTER TABLE "order_reads" ADD CONSTRAINT "order_reads_shop_id_shops_id_fk" FOREIGN KEY ("shop_id") REFERENCES "shops"("id");
CREATE INDEX "inbox_bodies_by_age" ON "inbox_bodies" ("stored_at");
CREATE UNIQUE INDEX "inbox_events_dedupe" ON "inbox_events" ("shop_id","dedupe_key");
CREATE INDEX "inbox_events_pending" ON "inbox_events" ("shop_id","is_backfill","received_at","id") WHERE "inbox_events"."state" = 'pending';
CREATE INDEX "inbox_events_by_document" ON "inbox_events" ("shop_id","external_id","received_at" DESC);
CREATE INDEX "inbox_events_parked" ON "inbox_events" ("shop_id","received_at") WHERE "inbox_events"."state" = 'parked';
CREATE INDEX "order_reads_due" ON "order_reads" ("shop_id","due_at");
