import { sql } from 'drizzle-orm';
import { authorise } from '../identity/index.ts';
import { Fault, type ShopId } from '../kernel/index.ts';
import { firstRow, type Ctx } from '../platform/db/index.ts';
import type { CursorStream } from './cursor-streams.ts';

export type CursorStep = {
  readonly shopId: ShopId;
  readonly stream: CursorStream;
  /** The version that was read; 0 where there was no cursor. */
  readonly fromVersion: number;
  /** Both as the connector gave them; JSON. */
  readonly state: unknown;
  readonly resume: unknown;
  readonly dueAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
};

/**
 * Moves a cursor by compare-and-set, in the transaction that stores the page. Returns the new version. Throws Fault
 * `cursor.moved` where another holder of the lane was here: what was read is thrown away with the transaction.
 */
export async function advanceCursor(ctx: Ctx, step: CursorStep): Promise<number> {
  authorise(ctx, 'shops:write');
  const moved = await firstRow<{ version: number }>(ctx.tx, step.fromVersion === 0 ? firstStep(step) : nextStep(step));
  if (moved !== null) return moved.version;
  throw new Fault('conflict', 'cursor.moved', {
    message: `the cursor ${step.stream} is no longer at version ${step.fromVersion}`,
    data: { shopId: step.shopId, stream: step.stream, fromVersion: step.fromVersion },
  });
}

function firstStep(step: CursorStep) {
  return sql`insert into shop_cursors (shop_id, stream, state, resume, due_at, started_at, finished_at)
             values (${step.shopId}, ${step.stream}, ${json(step.state)}::jsonb, ${json(step.resume)}::jsonb, ${step.dueAt},
                     ${step.startedAt}, ${step.finishedAt})
             on conflict (shop_id, stream) do nothing
             returning version`;
}

function nextStep(step: CursorStep) {
  return sql`update shop_cursors
             set state = ${json(step.state)}::jsonb, resume = ${json(step.resume)}::jsonb, due_at = ${step.dueAt},
                 started_at = ${step.startedAt}, finished_at = ${step.finishedAt}, version = version + 1
             where shop_id = ${step.shopId} and stream = ${step.stream} and version = ${step.fromVersion}
             returning version`;
}

function json(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
