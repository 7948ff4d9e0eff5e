import { sql } from 'drizzle-orm';
import { backlogSmall, backlogGrowsMinutesMax, backlogWindowMs } from '../../config/defaults.ts';
import type { ShopId } from '../kernel/index.ts';
import { rows, type Ctx } from '../platform/db/index.ts';
import { closeExceptions, openExceptions, type ExceptionKey } from '../platform/exceptions/index.ts';
import { readSamples } from './read-samples.ts';
import { findTrend } from './trend.ts';

type Counted = { readonly work: string; readonly shopId: ShopId | null; readonly waiting: number };

const keyOf = (work: string): ExceptionKey => ({ kind: 'backlog.growing', subjectKind: 'work', subjectId: work });

/** An exception for each backlog that has grown minute by minute for so long; it closes once one sample is no higher. */
export async function tellGrowing(ctx: Ctx, waiting: readonly Counted[]): Promise<void> {
  const samples = await readSamples(ctx.tx, new Date(ctx.now.getTime() - 2 * backlogWindowMs));
  const growing = waiting.flatMap((each) => {
    const trend = findTrend(each.work, { at: ctx.now, waiting: each.waiting }, samples, null);
    const isTold = each.waiting > backlogSmall && trend.growingMinutes >= backlogGrowsMinutesMax;
    return isTold ? [{ ...each, minutes: Math.floor(trend.growingMinutes), perMinute: trend.growthPerMinute }] : [];
  });
  await openExceptions(
    ctx,
    growing.map(({ work, shopId, waiting: rowsWaiting, minutes, perMinute }) => ({
      ...keyOf(work),
      shopId,
      cause: { work, waiting: rowsWaiting, growingMinutes: minutes, growthPerMinute: Math.round(perMinute ?? 0) },
      nextStep: 'More comes in than is drained: wharf doctor says which lane, and what to do.',
    })),
  );
  const told = await rows<{ work: string }>(
    ctx.tx,
    sql`select subject_id as work from exceptions where kind = 'backlog.growing' and closed_at is null`,
  );
  const still = new Set(growing.map(({ work }) => work));
  await closeExceptions(
    ctx,
    told.filter(({ work }) => !still.has(work)).map(({ work }) => keyOf(work)),
  );
}
