import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import type { ListingId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';

export type PushFailure = {
  readonly listingId: ListingId;
  /** The channel's own words, without personal data: `{ code, detail }`. */
  readonly cause: unknown;
  /** Not tried again before. */
  readonly dueAt: Date;
  /** Where the wait is that of one version only: which. A newer number is then told at once. */
  readonly version?: number;
};

/** The channel refused these numbers: the listing waits until `dueAt`. Returns the failures in a row of each. */
export async function recordPushFailures(ctx: Ctx, failures: readonly PushFailure[]): Promise<Map<ListingId, number>> {
  authorise(ctx, 'stock:write');
  const items = [...new Map(failures.map((failure) => [failure.listingId, failure])).values()];
  if (items.length === 0) return new Map();
  const listingIds = list(
    'uuid',
    items.map((item) => item.listingId),
  );
  const written = await rows<{ listingId: ListingId; failures: number }>(
    ctx.tx,
    sql`with locked as (select id from listings where id = any(${listingIds}) order by id for no key update)
        update listings l
        set push_failures = l.push_failures + 1, push_cause = t.cause, push_due_at = t.due_at,
            push_version = t.version
        from unnest(${listingIds}, ${list(
          'jsonb',
          items.map((item) => item.cause),
        )},
                    ${list(
                      'timestamptz',
                      items.map((item) => item.dueAt),
                    )}, ${list(
                      'int8',
                      items.map((item) => item.version),
                    )}) as t (id, cause, due_at, version)
        join locked on locked.id = t.id
        where l.id = t.id
        returning l.id as "listingId", l.push_failures as failures`,
  );
  return new Map(written.map((row) => [row.listingId, row.failures]));
}
