import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect } from 'vitest';
import type { ShopId, SkuId, WarehouseId } from '../../../src/kernel/index.ts';
import { firstRow } from '../../../src/platform/db/index.ts';
import { figures, tellFigure } from '../figures.ts';
import type { Observed } from '../model/observe.ts';
import { openWalkWorld, type WalkWorld } from '../model/world.ts';
import { recordingLog } from '../quiet-log.ts';

export const connections = 20;

/** Fresh SKUs and listings of two selling shops and two warehouses, for one contest. */
export type Round = {
  readonly world: WalkWorld;
  readonly walk: string;
  readonly skuIds: readonly SkuId[];
  readonly shopId: ShopId;
  readonly warehouseId: WarehouseId;
  readonly number: number;
  see(): Promise<Observed>;
};

export type Contest<Start> = {
  /** Brings about what is fought for. */
  open(round: Round): Promise<Start>;
  contestants(round: Round, start: Start): readonly (() => Promise<unknown>)[];
  /** What must hold whoever won; every invariant of the rows is checked besides. */
  expectSound(seen: Observed, start: Start, outcomes: readonly Outcome[], round: Round): void | Promise<void>;
  /** Codes of faults that losing may end with. */
  readonly refusals?: readonly string[];
};

/** 'done', or the code of the fault. */
type Outcome = string;

type Ring = {
  /** Fights the contest so many rounds as the figures say; answers with how often each outcome was met. */
  fight<Start>(what: string, contest: Contest<Start>): Promise<Map<Outcome, number>>;
  /** The same for an implementation that must be caught: in how many rounds it was. */
  catchNaive<Start>(rounds: number, contest: Contest<Start>): Promise<number>;
  readonly world: () => WalkWorld;
  /** Deadlocks that were met and tried again since the file began. */
  readonly deadlocks: () => number;
};

/** A database with twenty writing connections for the contests of one file. */
export function useRing(): Ring {
  const log = recordingLog();
  let opened: WalkWorld | null = null;
  const world = (): WalkWorld => {
    if (opened === null) throw new Error('the ring is not open yet');
    return opened;
  };
  const deadlocks = (): number => log.lines.filter(({ fields }) => fields['sqlState'] === '40P01').length;
  beforeAll(async () => {
    opened = await openWalkWorld({ connections, log });
  });
  afterAll(() => opened?.close());
  return {
    world,
    deadlocks,
    async fight(what, contest) {
      const outcomes = new Map<Outcome, number>();
      const before = await countDeadlocks(world());
      for (let number = 0; number < figures.raceRounds; number += 1) {
        const round = await openRound(world(), number);
        const met = await playRound(round, contest);
        for (const outcome of met) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
      const seen = (await countDeadlocks(world())) - before;
      const met = [...outcomes].map(([outcome, times]) => `${times} ${outcome}`).join(', ');
      await tellFigure(
        `race: ${what}`,
        `${figures.raceRounds} rounds on ${connections} connections, 0 violations; ${met}; PostgreSQL saw ${seen} deadlocks`,
      );
      return outcomes;
    },
    async catchNaive(rounds, contest) {
      let caught = 0;
      for (let number = 0; number < rounds; number += 1) {
        const round = await openRound(world(), number);
        caught += await playRound(round, contest).then(
          () => 0,
          (error: unknown) => {
            // What did not hold was caught; a round that broke in another way proves nothing.
            if (error instanceof Error && error.name === 'AssertionError') return 1;
            throw error;
          },
        );
      }
      return caught;
    },
  };
}

async function openRound(world: WalkWorld, number: number): Promise<Round> {
  const { walk, skuIds } = await world.begin();
  const [[shopId], [warehouseId]] = [world.shopIds, world.warehouseIds];
  if (shopId === undefined || warehouseId === undefined) throw new Error('an empty world');
  return { world, walk, skuIds, shopId, warehouseId, number, see: () => world.observer.see(walk) };
}

async function playRound<Start>(round: Round, contest: Contest<Start>): Promise<Outcome[]> {
  const start = await contest.open(round);
  const outcomes = await together(contest.contestants(round, start));
  const strange = outcomes.filter((one) => one !== 'done' && !contest.refusals?.includes(one));
  expect(strange).toEqual([]);
  const seen = await round.see();
  expect(seen.broken).toEqual([]);
  await contest.expectSound(seen, start, outcomes, round);
  return outcomes;
}

/** All at once, but for a head start of up to three milliseconds, so that no round is like another. */
export function together(works: readonly (() => Promise<unknown>)[]): Promise<Outcome[]> {
  return Promise.all(
    works.map(async (work) => {
      await wait(Math.random() * 3);
      return work().then(
        () => 'done',
        (error: unknown) => (error as { code?: string }).code ?? String(error),
      );
    }),
  );
}

/** Of all sessions of this database since it was made, as far as they have reported. */
async function countDeadlocks({ database }: WalkWorld): Promise<number> {
  const found = await database.read((db) =>
    firstRow<{ deadlocks: number }>(
      db,
      sql`select deadlocks::int8 as deadlocks from pg_stat_database where datname = current_database()`,
    ),
  );
  return found?.deadlocks ?? 0;
}

export const at = <Item>(items: readonly Item[], index = 0): Item => {
  const item = items[index % Math.max(1, items.length)];
  if (item === undefined) throw new Error('nothing there');
  return item;
};
