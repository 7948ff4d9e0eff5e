-- What was backed up and whether it can be trusted, and each return to an earlier time: its mark stands in references made
-- after it, which keeps them apart from those of the future that was lost.
-- Locks: only tables made here.

CREATE TABLE "backups" (
  "id" uuid PRIMARY KEY NOT NULL,
  "kind" text NOT NULL,
  "file" text NOT NULL,
  "state" text DEFAULT 'running' NOT NULL,
  "bytes" bigint,
  "sha256" bytea,
  "cause" jsonb,
  "started_at" timestamp(3) with time zone NOT NULL,
  "finished_at" timestamp(3) with time zone,
  CONSTRAINT "backups_kind_known" CHECK ("backups"."kind" in ('cluster', 'dump')),
  CONSTRAINT "backups_state_known" CHECK ("backups"."state" in ('running', 'good', 'failed')),
  CONSTRAINT "backups_good_is_whole" CHECK ("backups"."state" <> 'good' or ("backups"."bytes" is not null and "backups"."sha256" is not null))
);

CREATE TABLE "recoveries" (
  "epoch" integer PRIMARY KEY NOT NULL,
  "mark" text NOT NULL,
  "backup_id" uuid NOT NULL,
  "backup_at" timestamp(3) with time zone NOT NULL,
  "restored_at" timestamp(3) with time zone NOT NULL,
  "reading_at" timestamp(3) with time zone,
  "confirmed_at" timestamp(3) with time zone,
  "confirmed_by" text,
  CONSTRAINT "recoveries_confirmed_by_someone" CHECK (("recoveries"."confirmed_at" is null) = ("recoveries"."confirmed_by" is null))
);
CREATE INDEX "backups_by_time" ON "backups" ("started_at" DESC,"id" DESC);
CREATE UNIQUE INDEX "recoveries_one_pending" ON "recoveries" ((confirmed_at IS NULL)) WHERE "recoveries"."confirmed_at" is null;
