import { sql } from 'drizzle-orm';
import { expect, it, vi } from 'vitest';
import { at, useRing, type Contest, type Round } from '../../test/support/races/contest.ts';
import type { SkuId } from '../kernel/index.ts';
import { list, rows, type Ctx } from '../platform/db/index.ts';
import { bumpWantedVersions } from './index.ts';

const ring = useRing();

type Bump = (ctx: Ctx, skuIds: readonly SkuId[]) => Promise<void>;

/** Every other one names its SKUs the other way round. */
const crossing = (round: Round, bump: Bump) =>
  Array.from({ length: 16 }, (_, index) => () => {
    const turned = [...round.skuIds.slice(index % 3), ...round.skuIds.slice(0, index % 3)];
    const skuIds = index % 2 === 0 ? turned : turned.toReversed();
    return round.world.database.run((ctx) => bump(ctx, skuIds));
  });

/** Two that name the same SKUs the other way round: enough for a ring, which takes PostgreSQL a second to find. */
const twoCrossing = (bump: Bump) => (round: Round) =>
  [round.skuIds, round.skuIds.toReversed()].map((skuIds) => () => round.world.database.run((ctx) => bump(ctx, skuIds)));

const bumpedBy = (bump: Bump): Contest<void> => ({
  open: () => Promise.resolve(),
  contestants: (round) => crossing(round, bump),
  expectSound: (seen) => expect(new Set(seen.listings.map(({ wanted }) => wanted))).toEqual(new Set([17])),
});

/** Lets the first two pass together, and whoever comes later at once. */
function meetingPoint(): () => Promise<void> {
  const come: (() => void)[] = [];
  return () =>
    new Promise((resolve) => {
      come.push(resolve);
      if (come.length > 1) for (const each of come) each();
    });
}

/** One SKU after the other, in the order they were named in. */
function bumpAsNamed(): Bump {
  const meet = meetingPoint();
  return async (ctx, skuIds) => {
    for (const skuId of skuIds) {
      await rows(ctx.tx, sql`update listings set wanted_version = wanted_version + 1 where sku_id = ${skuId}`);
      await meet();
    }
  };
}

it('listings of crossing SKUs are bumped by many at once without a deadlock', async () => {
  const before = ring.deadlocks();
  await ring.fight('bumps of crossing listings', bumpedBy(bumpWantedVersions));
  expect(ring.deadlocks() - before).toBe(0);
});

it('the same race catches an implementation that locks as the SKUs are named', async () => {
  const before = ring.deadlocks();
  const naive = bumpAsNamed();
  expect(await ring.catchNaive(1, { ...bumpedBy(naive), contestants: twoCrossing(naive) })).toBe(1);
  expect(ring.deadlocks() - before).toBeGreaterThan(0);
});

/** What lines that are taken in do to their listings, before their units lessen the number. */
function takingIn(bump: Bump): Bump {
  const meet = meetingPoint();
  return async (ctx, skuIds) => {
    await rows(ctx.tx, sql`select id from listings where sku_id = any(${list('uuid', skuIds)}) for key share`);
    await meet();
    await bump(ctx, skuIds);
  };
}

const bumpWithKeys: Bump = async (ctx, skuIds) => {
  await rows(
    ctx.tx,
    sql`with changed as (select id from listings where sku_id = any(${list('uuid', skuIds)}) order by id for update)
        update listings l set wanted_version = l.wanted_version + 1 from changed where l.id = changed.id`,
  );
};

it('orders of the same listings that are taken in at once do not wait for each other in a ring', async () => {
  const before = ring.deadlocks();
  await ring.fight('takings-in of the same listings', bumpedBy(takingIn(bumpWantedVersions)));
  expect(ring.deadlocks() - before).toBe(0);
});

it('the same race catches an implementation that locks listings with their keys', async () => {
  const before = ring.deadlocks();
  const naive = takingIn(bumpWithKeys);
  expect(await ring.catchNaive(1, { ...bumpedBy(naive), contestants: twoCrossing(naive) })).toBe(1);
  expect(ring.deadlocks() - before).toBeGreaterThan(0);
});

it('listings are locked by id, in whatever order they lie: up to one that is held, and none beyond it', async () => {
  const world = ring.world();
  const { skuIds } = await world.begin();
  const { database } = world;
  const ids = (
    await database.run((ctx) =>
      rows<{ id: string }>(
        ctx.tx,
        sql`select id from listings where sku_id = any(${list('uuid', skuIds)}) order by id`,
      ),
    )
  ).map(({ id }) => id);
  // Written anew from the last to the first, so that they lie the other way round.
  for (const id of ids.toReversed()) {
    await database.run((ctx) => rows(ctx.tx, sql`update listings set title = title || '.' where id = ${id}`));
  }
  const held = 4;
  const [isHeld, letGo] = [gate(), gate()];
  const holding = database.run(async (ctx) => {
    await rows(ctx.tx, sql`select id from listings where id = ${at(ids, held)} for no key update`);
    isHeld.open();
    await letGo.passed;
  });
  await isHeld.passed;
  const bumping = database.run((ctx) => bumpWantedVersions(ctx, skuIds));
  await vi.waitUntil(() => database.run(isSomebodyWaiting), { timeout: 60_000, interval: 20 });
  const free = await database.run((ctx) =>
    rows<{ id: string }>(
      ctx.tx,
      sql`select id from listings where id = any(${list('uuid', ids)}) order by id for no key update skip locked`,
    ),
  );
  letGo.open();
  await Promise.all([holding, bumping]);
  expect(free.map(({ id }) => id)).toEqual(ids.slice(held + 1));
});

function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

async function isSomebodyWaiting(ctx: Ctx): Promise<boolean> {
  const found = await rows(
    ctx.tx,
    sql`select pid from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
  );
  return found.length > 0;
}
