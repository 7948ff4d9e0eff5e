import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { connectPaper, paperDeps } from '../../test/support/paper-channel.ts';
import { newId, type ShopId } from '../kernel/index.ts';
import { writeAudit } from '../platform/audit/index.ts';
import { rows, type Database } from '../platform/db/index.ts';
import { openExceptions } from '../platform/exceptions/index.ts';
import { createMetrics } from '../platform/metrics/index.ts';
import { addGauges } from './metrics.ts';

const database = useDatabase();
const queue = { countWaiting: async () => 3 };

async function render(from: Database = database): Promise<string> {
  const metrics = createMetrics({ processMetrics: false });
  addGauges(metrics, { database: from, queue });
  return (await metrics.render()).text;
}

const nameOf = (line: string): string => /^# HELP (\S+)/.exec(line)?.[1] ?? '';

test('every metric has a help text and a line in the table of the README, and the table names no other', async () => {
  const lines = (await render()).split('\n').filter((line) => line.startsWith('# HELP'));
  expect(lines.filter((line) => !/^# HELP wharf_\w+ \S.{10,}/.test(line))).toEqual([]);
  const page = readFileSync(join(import.meta.dirname, '../platform/metrics/README.md'), 'utf8');
  const documented = [...page.matchAll(/^\| `(wharf_\w+)` /gm)].map(([, name]) => name ?? '');
  expect(lines.map(nameOf).toSorted()).toEqual(documented.toSorted());
});

test('gauges tell by shop what waits, how long, and what is stuck', async () => {
  const { shopId } = await database.run((ctx) => connectPaper(ctx, paperDeps(database)));
  await database.run(async (ctx) => {
    const at = new Date(ctx.now.getTime() - 90_000);
    for (const state of ['pending', 'parked']) {
      await rows(
        ctx.tx,
        sql`insert into inbox_events (id, shop_id, source, topic, external_id, dedupe_key, state, content_hash,
                                      read_started_at, received_at, due_at)
            values (${newId()}, ${shopId}, 'poll', 'order', 'o1', ${state}, ${state}, ${new Uint8Array(32)}, ${at}, ${at}, ${at})`,
      );
    }
    await openExceptions(ctx, [
      { kind: 'inbox.parked', subjectKind: 'x', subjectId: 'y', shopId, cause: {}, nextStep: 'Look.' },
    ]);
    await writeAudit(ctx, { action: 'a.done', subjectKind: 'x', subjectId: null, data: {} });
  });
  const text = await render();
  const valueOf = (series: string): number => Number(new RegExp(`^${series} (.+)$`, 'm').exec(text)?.[1]);
  expect(valueOf(`wharf_inbox_pending_events{shop="${shopId}"}`)).toBe(1);
  expect(valueOf(`wharf_inbox_parked_events{shop="${shopId}"}`)).toBe(1);
  expect(valueOf(`wharf_inbox_oldest_pending_seconds{shop="${shopId}"}`)).toBeGreaterThanOrEqual(90);
  expect(valueOf('wharf_backlog_rows{work="inbox"}')).toBe(1);
  expect(valueOf('wharf_exceptions_open{kind="inbox.parked"}')).toBe(1);
  expect(valueOf('wharf_audit_unsealed_rows')).toBeGreaterThan(0);
  expect(valueOf('wharf_audit_sealed_rows')).toBe(0);
  expect(valueOf('wharf_queue_waiting')).toBe(3);
  expect(valueOf('wharf_db_pool_connections{pool="write",state="busy"}')).toBe(0);
  expect(valueOf('wharf_db_pool_connections{pool="write",state="idle"}')).toBe(4);
});

test('many scrapes at once read the database once, and a database that is away leaves the other gauges', async () => {
  let reads = 0;
  const counting: Database = {
    ...database,
    pools: () => database.pools(),
    read: (work) => {
      reads += 1;
      return database.read(work);
    },
  };
  const metrics = createMetrics({ processMetrics: false });
  addGauges(metrics, { database: counting, queue });
  await Promise.all(Array.from({ length: 20 }, () => metrics.render()));
  expect(reads).toBe(2);
  const away: Database = { ...counting, read: () => Promise.reject(new Error('away')) };
  const text = await render(away);
  expect(text).toMatch(/^wharf_queue_waiting 3$/m);
  expect(text).not.toMatch(/^wharf_exceptions_open\{/m);
});

test('calls of more shops than have a label of their own are counted under "other"', async () => {
  const metrics = createMetrics({ processMetrics: false });
  for (let shop = 0; shop < 130; shop += 1) {
    metrics.observeCall({ shopId: `s${shop}` as ShopId, outcome: 'ok', durationMs: 20 });
  }
  const { text } = await metrics.render();
  expect(text.match(/^wharf_outgoing_calls_total\{/gm)).toHaveLength(101);
  expect(text).toMatch(/^wharf_outgoing_calls_total\{shop="other",outcome="ok"\} 30$/m);
});
