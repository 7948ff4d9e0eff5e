import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  expectReturnsSound,
  faultOf,
  lineOf,
  useReturns,
  type ReturnsWorld,
} from '../../test/support/factories/returns-world.ts';
import { listMoves } from '../stock/index.ts';
import { withdrawReturn } from './withdraw-return.ts';

const bench = useReturns();
const { database } = bench;
let world: ReturnsWorld;

beforeEach(async () => {
  world = await bench.open();
});
afterEach(() => expectReturnsSound(database));

describe('a return that a person enters', () => {
  it('waits for decisions, which may split its units over time and kinds', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 5]]);
    const { returnId } = await world.enter(order, [4]);
    expect(await world.returned(returnId)).toMatchObject({
      state: 'open',
      source: 'person',
      units: 4,
      waitingUnits: 4,
    });
    expect(await world.decide(returnId, [{ decision: 'restock', quantity: 1 }])).toEqual({
      state: 'open',
      refund: null,
    });
    expect((await world.returned(returnId)).waitingUnits).toBe(3);
    const rest = [
      { decision: 'restock', quantity: 1 },
      { decision: 'scrap', quantity: 1 },
      { decision: 'none', quantity: 1 },
    ] as const;
    expect(await world.decide(returnId, rest)).toEqual({ state: 'decided', refund: null });
    const decided = await world.returned(returnId);
    expect(decided).toMatchObject({ state: 'decided', waitingUnits: 0 });
    expect(decided.lines).toMatchObject([{ quantity: 4, restocked: 2, scrapped: 1, notReturned: 1, waiting: 0 }]);
    expect(decided.decisions.map(({ decision }) => decision)).toEqual(['restock', 'restock', 'scrap', 'none']);
    const kinds = (await world.order(order.orderId)).timeline.map(({ kind }) => kind);
    expect(kinds.slice(-3)).toEqual(['return_opened', 'return_decided', 'return_decided']);
  });

  it('moves only what is restocked, in SKU units, with the return line as its reference', async () => {
    const order = await world.sellAndShip('A', [['listing-2', 3]]);
    expect(await world.onHand()).toEqual([100, 42]);
    const { returnId } = await world.enter(order, [3]);
    await world.decide(returnId, [
      { decision: 'restock', quantity: 2 },
      { decision: 'scrap', quantity: 1 },
    ]);
    expect(await world.onHand()).toEqual([100, 54]);
    const [line] = (await world.returned(returnId)).lines;
    const moves = await database.read((db) => listMoves(db, { after: null, limit: 10 }, { skuId: world.skus[1] }));
    expect(moves.items.filter(({ reason }) => reason === 'returned')).toMatchObject([
      { quantity: 12, referenceKind: 'return_line', referenceId: line?.returnLineId },
    ]);
  });

  it('serves whoever waits for its goods once they are restocked, and not before', async () => {
    world = await bench.open({ units: [2, 0] });
    const order = await world.sellAndShip('A', [['listing-1', 2]]);
    const waiting = await world.sell('B', [['listing-1', 1]]);
    const { returnId } = await world.enter(order, [2]);
    await world.decide(returnId, [{ decision: 'scrap', quantity: 1 }]);
    await world.allocate();
    expect(await world.parcels(waiting.orderId)).toEqual([]);
    await world.decide(returnId, [{ decision: 'restock', quantity: 1 }]);
    await world.allocate();
    expect(await world.parcels(waiting.orderId)).toHaveLength(1);
  });

  it('takes no more than has left from here and is in no return yet', async () => {
    const unshipped = await world.sell('A', [['listing-1', 2]]);
    expect(await faultOf(world.enter(unshipped, [1]))).toBe('return.more_than_shipped');
    const order = await world.sellAndShip('B', [
      ['listing-1', 3],
      ['listing-2', 1],
    ]);
    await world.enter(order, [2]);
    expect(await faultOf(world.enter(order, [2]))).toBe('return.more_than_shipped');
    expect(await faultOf(world.enter({ ...order, lines: unshipped.lines }, [1]))).toBe('return.line_unknown');
    expect(await faultOf(world.enter(order, []))).toBe('return.empty');
    await world.enter(order, [1, 1]);
    expect(await world.returnsOf(order.orderId)).toHaveLength(2);
  });

  it('is decided once: no unit twice, none after the end, none in a place that is no warehouse', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 2]]);
    const { returnId } = await world.enter(order, [2]);
    expect(await faultOf(world.decide(returnId, [{ decision: 'scrap', quantity: 3 }]))).toBe('return.more_than_waits');
    const twice = [1, 2].map((quantity) => ({ decision: 'scrap' as const, quantity }));
    expect(await faultOf(world.decide(returnId, twice))).toBe('return.more_than_waits');
    expect((await world.returned(returnId)).decisions).toEqual([]);
    await world.decide(returnId, [{ decision: 'none', quantity: 2 }]);
    expect(await faultOf(world.decide(returnId, [{ decision: 'none', quantity: 1 }]))).toBe(
      'return.transition_refused',
    );
  });

  it('that was entered in error is withdrawn, and its units may be returned anew', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 1]]);
    const { returnId } = await world.enter(order, [1]);
    await database.run((ctx) => withdrawReturn(ctx, returnId));
    expect(await world.returned(returnId)).toMatchObject({ state: 'withdrawn', waitingUnits: 0 });
    const again = await world.enter(order, [1]);
    await world.decide(again.returnId, [{ decision: 'none', quantity: 1 }]);
    expect(await faultOf(database.run((ctx) => withdrawReturn(ctx, again.returnId)))).toBe('return.transition_refused');
    expect(lineOf(order)).toBe((await world.returned(returnId)).lines[0]?.orderLineId);
  });
});
