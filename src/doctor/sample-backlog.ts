import { sql } from 'drizzle-orm';
import { backlogSampleKeptMs } from '../../config/defaults.ts';
import {
  columnNames,
  onBehalf,
  rows,
  unnest,
  type AnyDb,
  type ColumnTypes,
  type Ctx,
  type Database,
} from '../platform/db/index.ts';
import type { Schedule } from '../platform/queue/index.ts';
import { readWaiting, type Work } from './backlog.ts';

const sampleColumns = {
  work: 'text',
  at: 'timestamptz',
  waiting: 'int4',
  oldestAt: 'timestamptz',
} as const satisfies ColumnTypes;

/** Writes down what waits now, and forgets what was written down a day ago. */
async function sampleBacklog(ctx: Ctx): Promise<void> {
  const samples = (await readWaiting(ctx.tx)).map((each) => ({ ...each, at: ctx.now }));
  await rows(
    ctx.tx,
    sql`insert into backlog_samples (${columnNames(sampleColumns)}) select ${columnNames(sampleColumns)}
        from ${unnest(sampleColumns, samples)} on conflict do nothing`,
  );
  const before = new Date(ctx.now.getTime() - backlogSampleKeptMs);
  await rows(ctx.tx, sql`delete from backlog_samples where at < ${before}`);
}

/** Every minute, by whoever works. */
export function backlogSchedule(deps: { readonly database: Database }): Schedule {
  return {
    name: 'backlog',
    cron: '* * * * *',
    async run(lease) {
      await deps.database.transact({ actor: { kind: 'system', id: 'backlog' } }, async (ctx) => {
        await lease.guard(ctx);
        await sampleBacklog(onBehalf(ctx, 'backlog'));
      });
    },
  };
}

export type Sample = { readonly work: Work; readonly at: Date; readonly waiting: number };

/** Samples since an instant, oldest first. */
export function readSamples(db: AnyDb, since: Date): Promise<Sample[]> {
  return rows<Sample>(db, sql`select work, at, waiting from backlog_samples where at >= ${since} order by work, at`);
}
