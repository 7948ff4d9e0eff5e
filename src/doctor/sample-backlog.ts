import { sql } from 'drizzle-orm';
import { backlogSampleKeptMs, figuresShopsMax } from '../../config/defaults.ts';
import {
  columnNames,
  onBehalf,
  rows,
  unnest,
  type ColumnTypes,
  type Ctx,
  type Database,
} from '../platform/db/index.ts';
import type { Schedule } from '../platform/queue/index.ts';
import { readWaiting, waitingOfShops } from './backlog.ts';
import { readShopFigures } from './queries.ts';
import { tellGrowing } from './tell-growing.ts';

const sampleColumns = {
  work: 'text',
  at: 'timestamptz',
  waiting: 'int4',
  oldestAt: 'timestamptz',
} as const satisfies ColumnTypes;

/** Writes down what waits now, tells of what grows and grows, and forgets what was written down a day ago. */
async function sampleBacklog(ctx: Ctx): Promise<void> {
  const ofShops = waitingOfShops(await readShopFigures(ctx.tx, figuresShopsMax));
  const waiting = [
    ...(await readWaiting(ctx.tx)).map((each) => ({ ...each, shopId: null })),
    ...ofShops.map((each) => ({ ...each, work: each.key })),
  ];
  await tellGrowing(ctx, waiting);
  const samples = waiting.map(({ work, waiting: count, oldestAt }) => ({
    work,
    waiting: count,
    oldestAt,
    at: ctx.now,
  }));
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
