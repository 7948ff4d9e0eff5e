import fc from 'fast-check';
import { expect, test } from 'vitest';
import { figures, isFull, tellFigure } from '../../test/support/figures.ts';
import { anyWalk, type Walk } from '../../test/support/model/any-walk.ts';
import { newModel } from '../../test/support/model/model.ts';
import { done, type Real } from '../../test/support/model/walk.ts';
import { openWalkWorld, type WalkWorld } from '../../test/support/model/world.ts';

/** Walks that share a database, and how many databases are walked at once. */
const walksAWorld = 75;
const lanes = 2;

async function walkOnce(world: WalkWorld, walk: Walk): Promise<void> {
  const begun = await world.begin();
  const seen = await world.observer.see(begun.walk);
  const real: Real = { ...begun, world, seen, owed: [], nowMs: 0 };
  walk.begun = 0;
  const model = newModel();
  for (const command of walk.commands) {
    walk.begun += 1;
    await command.run(model, real);
  }
}

let walks = 0;

async function walkAll(count: number): Promise<void> {
  const world = await openWalkWorld();
  try {
    const property = fc.asyncProperty(anyWalk(figures.commandsPerWalk), async (walk) => {
      await walkOnce(world, walk);
      walks += 1;
    });
    await fc.assert(property, { numRuns: count });
  } finally {
    await world.close();
  }
}

const kinds = [
  'add-line',
  'address',
  'adjust',
  'advance',
  'allocate',
  'ask-refund',
  'cancel',
  'cancel-line',
  'channel-refund',
  'decide',
  'edit-quantity',
  'forget-return',
  'hold',
  'merge',
  'number',
  'order',
  'pay',
  'pay-back',
  'receive',
  'remove-line',
  'repeat',
  'retreat',
  'return',
  'ship',
  'split',
  'withdraw',
];

test(
  `${figures.walks} walks of ${figures.commandsPerWalk} commands leave the database as plain maps say`,
  { timeout: 3_600_000 },
  async () => {
    const counts = Array.from({ length: Math.ceil(figures.walks / walksAWorld) }, (_, index) =>
      Math.min(walksAWorld, figures.walks - index * walksAWorld),
    );
    const lane = async (): Promise<void> => {
      for (let count = counts.pop(); count !== undefined; count = counts.pop()) await walkAll(count);
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    const commands = [...done.values()].reduce((total, times) => total + times, 0);
    expect(kinds).toEqual(expect.arrayContaining([...done.keys()]));
    // A few walks need not meet the rarest.
    expect(done.size).toBeGreaterThanOrEqual(isFull ? kinds.length : kinds.length - 4);
    expect(commands).toBeGreaterThan(walks * figures.commandsPerWalk * 0.7);
    await tellFigure('model-based walks', `${walks} walks, ${commands} commands compared, 0 differences`);
  },
);
