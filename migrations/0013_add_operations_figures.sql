-- Figures for those who run the hub: since when a listing's number waits to be told (the push delay), what waited for each
-- lane a minute ago (backlog against drain), and the rule that an audit row is sealed wholly or not at all.
-- Locks: listings for a moment (a column without a default rewrites nothing); audit_entries while its rows are checked.

ALTER TABLE "listings" ADD COLUMN "wanted_at" timestamp(3) with time zone;

CREATE TABLE "backlog_samples" (
  "work" text COLLATE "C" NOT NULL,
  "at" timestamp(3) with time zone NOT NULL,
  "waiting" integer NOT NULL,
  "oldest_at" timestamp(3) with time zone,
  CONSTRAINT "backlog_samples_work_at_pk" PRIMARY KEY("work","at"),
  CONSTRAINT "backlog_samples_not_negative" CHECK ("backlog_samples"."waiting" >= 0)
);

ALTER TABLE "audit_entries" ADD CONSTRAINT "audit_entries_sealed_wholly" CHECK (("audit_entries"."seal_position" is null) = ("audit_entries"."seal" is null));
