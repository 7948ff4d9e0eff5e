import { sql } from 'drizzle-orm';
import { list, rows, type AnyDb } from '../db/index.ts';
import { everyLane } from './locks.ts';

export type LaneRow = {
  readonly name: string;
  readonly isHeld: boolean;
  readonly leasedUntil: Date | null;
  readonly drainedAt: Date | null;
  readonly isPaused: boolean;
  readonly failures: number;
  readonly retryAt: Date | null;
  readonly lastError: string | null;
  readonly lastErrorAt: Date | null;
};

/** Every lane that was ever drained, by name. A lane is one shop's or one kind's: there are few. */
export async function listLanes(db: AnyDb, now: Date): Promise<LaneRow[]> {
  return rows<LaneRow>(
    db,
    sql`SELECT name, lease_token IS NOT NULL AND leased_until > ${now} AS "isHeld", leased_until AS "leasedUntil",
               drained_at AS "drainedAt", is_paused AS "isPaused", failures, retry_at AS "retryAt",
               last_error AS "lastError", last_error_at AS "lastErrorAt"
        FROM lanes WHERE name <> ${everyLane} ORDER BY name`,
  );
}

/** Of these lanes and slots, the lanes whose slot (or a newer one) is done. */
export async function findTakenSlots(db: AnyDb, slots: ReadonlyMap<string, Date>): Promise<string[]> {
  if (slots.size === 0) return [];
  const taken = await rows<{ name: string }>(
    db,
    sql`SELECT wanted.name
        FROM unnest(${list('text', slots.keys())}, ${list('timestamptz', slots.values())}) AS wanted (name, slot)
        WHERE EXISTS (SELECT FROM cron_slots WHERE cron_slots.name = wanted.name AND cron_slots.slot >= wanted.slot)`,
  );
  return taken.map(({ name }) => name);
}
