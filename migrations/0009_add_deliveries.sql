-- Channels that are told by messages (a seller's own store): a log of every attempt, what a package was announced with, so that
-- a resend says the same, and numbers whose wait ends with the next version. Orders may come through the API.
-- Locks: listings, announcements and inbox_events for an instant each (columns without a rewrite); the new rule on inbox_events
-- is checked with readers and writers going on.

CREATE TABLE "delivery_attempts" (
  "id" uuid PRIMARY KEY NOT NULL,
  "shop_id" uuid NOT NULL,
  "message_id" text COLLATE "C" NOT NULL,
  "type" text NOT NULL,
  "subject_kind" text NOT NULL,
  "subjects" jsonb NOT NULL,
  "attempt" integer NOT NULL,
  "at" timestamp(3) with time zone NOT NULL,
  "duration_ms" integer NOT NULL,
  "status" integer,
  "excerpt" text,
  "error" text,
  "next_at" timestamp(3) with time zone,
  CONSTRAINT "delivery_attempts_subject_kind_known" CHECK ("delivery_attempts"."subject_kind" in ('listings', 'announcement', 'channel_request')),
  CONSTRAINT "delivery_attempts_success_is_2xx" CHECK ("delivery_attempts"."error" is not null or "delivery_attempts"."status" between 200 and 299)
);
ALTER TABLE "delivery_attempts" ADD CONSTRAINT "delivery_attempts_shop_id_shops_id_fk" FOREIGN KEY ("shop_id") REFERENCES "shops"("id");
CREATE UNIQUE INDEX "delivery_attempts_message" ON "delivery_attempts" ("shop_id","message_id","attempt");
CREATE INDEX "delivery_attempts_by_shop" ON "delivery_attempts" ("shop_id","at" DESC,"id" DESC);
CREATE INDEX "delivery_attempts_by_age" ON "delivery_attempts" ("at");

ALTER TABLE "announcements" ADD COLUMN "lines" jsonb;
ALTER TABLE "announcements" ADD COLUMN "is_shown_by_answer" boolean DEFAULT false NOT NULL;

ALTER TABLE "listings" ADD COLUMN "push_version" bigint;

ALTER TABLE "inbox_events" DROP CONSTRAINT "inbox_events_source_known";
ALTER TABLE "inbox_events" ADD CONSTRAINT "inbox_events_source_known" CHECK ("inbox_events"."source" in ('webhook', 'poll', 'read', 'api')) NOT VALID;
ALTER TABLE "inbox_events" VALIDATE CONSTRAINT "inbox_events_source_known";
