import { sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { lease } from '../../test/support/factories/inbound-world.ts';
import { connectPaper, paperDeps } from '../../test/support/paper-channel.ts';
import { manualClock, newId, type ShopId } from '../kernel/index.ts';
import { rows } from '../platform/db/index.ts';
import { backlogCheck, backlogSchedule } from './index.ts';

const minute = 60_000;
/** It ends at the machine's own time, by which the reading side judges. */
const clock = manualClock(new Date(Date.now() - 13 * minute));
const database = useDatabase({ clock });
let shopId: ShopId;

beforeAll(async () => {
  ({ shopId } = await database.run((ctx) => connectPaper(ctx, paperDeps(database))));
});

async function receive(count: number): Promise<void> {
  await database.run(async (ctx) => {
    const ids = Array.from({ length: count }, () => newId<'inbox_event'>(ctx.now.getTime()));
    await rows(
      ctx.tx,
      sql`insert into inbox_events (id, shop_id, source, topic, external_id, dedupe_key, state, content_hash,
                                    read_started_at, received_at, due_at)
          select id::uuid, ${shopId}, 'poll', 'order', id, id, 'pending', ${new Uint8Array(32)}, ${ctx.now}, ${ctx.now}, ${ctx.now}
          from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) as t(id)`,
    );
  });
}

/** A minute passes, and whoever works takes its sample. */
async function passMinute(): Promise<void> {
  clock.advance(minute);
  await backlogSchedule({ database }).run(lease, clock.now());
}

const growing = () =>
  database.read((db) =>
    rows<{ subject: string; cause: unknown; isOpen: boolean }>(
      db,
      sql`select subject_id as subject, cause, closed_at is null as "isOpen" from exceptions
          where kind = 'backlog.growing' order by subject_id`,
    ),
  );

const found = async (): Promise<string[]> =>
  (await backlogCheck(database).run(new AbortController().signal)).map(
    ({ verdict, subject, found: words }) => `${verdict} ${subject}: ${words}`,
  );

test('case 27: a queue that grows for ever is told after ten minutes, by its shop, and closed once it does not', async () => {
  await passMinute();
  for (let minutes = 0; minutes < 9; minutes += 1) {
    await receive(30);
    await passMinute();
  }
  expect(await growing()).toEqual([]);
  for (let minutes = 0; minutes < 2; minutes += 1) {
    await receive(30);
    await passMinute();
  }
  expect(await growing()).toMatchObject([
    { subject: 'inbox', isOpen: true, cause: { waiting: 330, growthPerMinute: 30 } },
    { subject: `inbox:${shopId}`, isOpen: true },
  ]);
  expect(await found()).toEqual([
    expect.stringMatching(/^bad inbox: 330 wait, .* a minute were drained, growing for \d+ min, never empty/),
    expect.stringMatching(/^warn audit: /),
    expect.stringMatching(/^warn inbox of Paper & Co: 330 wait, .* growing for \d+ min, never empty/),
  ]);
  await database.run((ctx) =>
    rows(
      ctx.tx,
      sql`update inbox_events set state = 'superseded', finished_at = ${ctx.now} where external_id < ${'~'}`,
    ),
  );
  await receive(5);
  await passMinute();
  expect((await growing()).map(({ isOpen }) => isOpen)).toEqual([false, false]);
});
