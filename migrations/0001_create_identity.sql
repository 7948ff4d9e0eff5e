-- API tokens, hashed and scoped. Users and sessions come with the console.
-- Locks: only tables made here.

CREATE TABLE "api_tokens" (
  "id" uuid PRIMARY KEY NOT NULL,
  "name" text NOT NULL,
  "prefix" text NOT NULL,
  "hash" bytea NOT NULL,
  "scopes" text[] NOT NULL,
  "created_at" timestamp(3) with time zone NOT NULL,
  "expires_at" timestamp(3) with time zone,
  "revoked_at" timestamp(3) with time zone,
  "last_used_at" timestamp(3) with time zone,
  CONSTRAINT "api_tokens_scopes_named" CHECK (cardinality("api_tokens"."scopes") > 0)
);
CREATE UNIQUE INDEX "api_tokens_hash" ON "api_tokens" ("hash");
