-- Lanes and their leases, the audit, idempotency keys, exceptions and settings: what every slice stands on.
-- Locks: only tables made here.

CREATE TABLE "cron_slots" (
  "name" text COLLATE "C" NOT NULL,
  "slot" timestamp(3) with time zone NOT NULL,
  "taken_at" timestamp(3) with time zone NOT NULL,
  CONSTRAINT "cron_slots_name_slot_pk" PRIMARY KEY("name","slot")
);

CREATE TABLE "lanes" (
  "name" text COLLATE "C" PRIMARY KEY NOT NULL,
  "lease_token" uuid,
  "leased_until" timestamp(3) with time zone,
  "drained_at" timestamp(3) with time zone,
  "is_paused" boolean DEFAULT false NOT NULL,
  "failures" integer DEFAULT 0 NOT NULL,
  "retry_at" timestamp(3) with time zone,
  "last_error" text,
  "last_error_at" timestamp(3) with time zone
);

CREATE TABLE "audit_entries" (
  "id" uuid PRIMARY KEY NOT NULL,
  "at" timestamp(3) with time zone NOT NULL,
  "actor_kind" text NOT NULL,
  "actor_id" text COLLATE "C" NOT NULL,
  "action" text COLLATE "C" NOT NULL,
  "subject_kind" text NOT NULL,
  "subject_id" text COLLATE "C",
  "data" jsonb NOT NULL,
  "request_id" text,
  "seal_position" bigint,
  "seal" bytea
);

CREATE TABLE "idempotency_keys" (
  "actor_id" text COLLATE "C" NOT NULL,
  "key" text COLLATE "C" NOT NULL,
  "request_hash" bytea NOT NULL,
  "status" integer NOT NULL,
  "response" text NOT NULL,
  "created_at" timestamp(3) with time zone NOT NULL,
  CONSTRAINT "idempotency_keys_actor_id_key_pk" PRIMARY KEY("actor_id","key")
);

CREATE TABLE "exceptions" (
  "id" uuid PRIMARY KEY NOT NULL,
  "kind" text COLLATE "C" NOT NULL,
  "subject_kind" text NOT NULL,
  "subject_id" text COLLATE "C" NOT NULL,
  "shop_id" uuid,
  "cause" jsonb NOT NULL,
  "next_step" text NOT NULL,
  "owner" text,
  "opened_at" timestamp(3) with time zone NOT NULL,
  "seen_at" timestamp(3) with time zone NOT NULL,
  "seen_count" integer DEFAULT 1 NOT NULL,
  "closed_at" timestamp(3) with time zone
);

CREATE TABLE "deployment_settings" (
  "key" text COLLATE "C" PRIMARY KEY NOT NULL,
  "value" jsonb NOT NULL,
  "updated_at" timestamp(3) with time zone NOT NULL
);
CREATE INDEX "audit_entries_by_time" ON "audit_entries" ("at" DESC,"id" DESC);
CREATE INDEX "audit_entries_by_subject" ON "audit_entries" ("subject_kind","subject_id");
CREATE UNIQUE INDEX "audit_entries_seal_position" ON "audit_entries" ("seal_position");
CREATE INDEX "audit_entries_unsealed" ON "audit_entries" ("id") WHERE "audit_entries"."seal_position" is null;
CREATE UNIQUE INDEX "exceptions_open" ON "exceptions" ("kind","subject_kind","subject_id") WHERE "exceptions"."closed_at" is null;
CREATE INDEX "exceptions_by_time" ON "exceptions" ("opened_at" DESC,"id" DESC);
