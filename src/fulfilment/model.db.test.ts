import fc from 'fast-check';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { useDatabase } from '../../test/support/database.ts';
import { freedDemandMarker, makeWorld } from '../../test/support/factories/stock.ts';
import {
  cancelCommand,
  holdCommand,
  loseCommand,
  mergeCommand,
  splitCommand,
  withdrawCommand,
} from '../../test/support/model/change-commands.ts';
import {
  advanceCommand,
  allocateCommand,
  orderCommand,
  receiveCommand,
  shipCommand,
} from '../../test/support/model/goods-commands.ts';
import { done, pick, readPromises, type Command } from '../../test/support/model/walk.ts';
import { rows } from '../platform/db/index.ts';

const database = useDatabase({ markers: [freedDemandMarker] });
const runs = 30;
const commandsPerRun = 25;

const seed = fc.nat({ max: 1_000 });
const receipt = fc.tuple(seed, seed, fc.integer({ min: 1, max: 8 })).map((args) => receiveCommand(...args));
const order = fc
  .array(fc.tuple(fc.nat({ max: 2 }), fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 3 })
  .map((lines) => orderCommand(lines));
const allocation = fc.constant(null).map(() => allocateCommand());
const delta = fc.integer({ min: -6, max: 2 }).filter((units) => units !== 0);
const anyCommand = fc.oneof(
  { weight: 3, arbitrary: receipt },
  { weight: 3, arbitrary: order },
  { weight: 4, arbitrary: allocation },
  { weight: 2, arbitrary: seed.map(shipCommand) },
  { weight: 3, arbitrary: seed.map(advanceCommand) },
  { weight: 2, arbitrary: fc.tuple(seed, fc.integer({ min: 1, max: 4 })).map((args) => withdrawCommand(...args)) },
  { weight: 1, arbitrary: seed.map(cancelCommand) },
  { weight: 1, arbitrary: seed.map(holdCommand) },
  { weight: 2, arbitrary: seed.map(splitCommand) },
  { weight: 2, arbitrary: seed.map(mergeCommand) },
  { weight: 2, arbitrary: fc.tuple(seed, seed, delta).map((args) => loseCommand(...args)) },
);
/** `fc.commands` makes walks of five commands on average; these are all long, and begin where something can happen. */
const commands = fc
  .tuple(
    fc.tuple(receipt, receipt, receipt, order, order, order, allocation),
    fc.array(anyCommand, { minLength: commandsPerRun - 7, maxLength: commandsPerRun - 7, size: 'max' }),
  )
  .map(([start, rest]): Command[] => [...start, ...rest]);

test('thirty walks of random commands leave the database as plain maps say, with every invariant after each', async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (walk) => {
      const world = await database.run((ctx) => makeWorld(ctx, { shops: 2, skus: 3, warehouses: 2 }));
      await database.run(async (ctx) => {
        await rows(ctx.tx, sql`update stock_demand set is_due = false`);
        await rows(
          ctx.tx,
          sql`delete from shop_warehouses where shop_id = ${pick(world.shopIds, 1)} and warehouse_id = ${pick(world.warehouseIds, 0)}`,
        );
      });
      const promises = await readPromises(database, world);
      await fc.asyncModelRun(
        () => ({ model: { onHand: new Map(), parts: [] }, real: { database, world, events: [], promises } }),
        walk,
      );
    }),
    { numRuns: runs, endOnFailure: false },
  );
  expect([...done.keys()].sort()).toEqual([
    'adjust',
    'advance',
    'allocate',
    'cancel',
    'hold',
    'merge',
    'order',
    'receive',
    'ship',
    'split',
    'withdraw',
  ]);
  expect([...done.values()].reduce((sum, times) => sum + times, 0)).toBeGreaterThan(runs * commandsPerRun * 0.7);
}, 240_000);
