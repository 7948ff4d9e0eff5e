import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { soldLine } from '../../test/support/factories/channel-order.ts';
import {
  constraintOf,
  expectReturnsSound,
  lineOf,
  shownRefund,
  useReturns,
  wishOf,
  type ReturnsWorld,
} from '../../test/support/factories/returns-world.ts';
import { figures, tellFigure } from '../../test/support/figures.ts';
import { newId, type OrderId } from '../kernel/index.ts';
import type { OrderDetail } from '../orders/index.ts';
import { rows } from '../platform/db/index.ts';
import { askReturnRefund } from './ask-refund.ts';
import { enterReturn } from './enter-return.ts';
import { writeDecisions } from './write-decisions.ts';

const bench = useReturns();
const { database } = bench;
let world: ReturnsWorld;

beforeEach(async () => {
  world = await bench.open({ units: [5 * figures.raceRounds, 60] });
});
afterEach(() => expectReturnsSound(database));

/** How many of these, begun at the same time, succeeded; the others failed with this code. */
async function together<Result>(count: number, code: string, work: () => Promise<Result>): Promise<number> {
  const settled = await Promise.allSettled(Array.from({ length: count }, work));
  for (const each of settled) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code });
  return settled.filter(({ status }) => status === 'fulfilled').length;
}

describe('at the same time', () => {
  it('ten decisions of two units on a line of five decide four, and the goods come in once', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 5]]);
    const { returnId } = await world.enter(order, [5]);
    const decide = () => world.decide(returnId, [{ decision: 'restock', quantity: 2 }]);
    expect(await together(10, 'return.more_than_waits', decide)).toBe(2);
    expect(await world.onHand()).toEqual([5 * figures.raceRounds - 1, 60]);
    expect((await world.returned(returnId)).waitingUnits).toBe(1);
  });

  it('ten entries of the same three of four units make one return', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 4]]);
    expect(await together(10, 'return.more_than_shipped', () => world.enter(order, [3]))).toBe(1);
  });

  it('ten asks to pay back one return pay it back once', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 2]]);
    const { returnId } = await world.enter(order, [2]);
    const ask = () => database.run((ctx) => askReturnRefund(ctx, { ...wishOf(), lines: null, returnId }));
    expect(await together(10, 'return.already_refunded', ask)).toBe(1);
  });
});

describe(`in each of ${figures.raceRounds} rounds`, () => {
  const rounds = Array.from({ length: figures.raceRounds }, (_, round) => `R${round}`);

  it('refunds of two returns and of the channel never pay back more than was paid', { timeout: 600_000 }, async () => {
    let asked = 0;
    for (const name of rounds) {
      const order = await world.sellAndShip(name, [['listing-1', 2]]);
      const entered = [await world.enter(order, [1]), await world.enter(order, [1])];
      const amount = { minor: 1_100, currency: 'EUR' };
      const asks = entered.map(
        ({ returnId }) =>
          () =>
            database.run((ctx) => askReturnRefund(ctx, { ...wishOf({ amount }), lines: null, returnId })),
      );
      const settled = await Promise.allSettled([...asks, ...asks].map((ask) => ask()));
      for (const each of settled) {
        if (each.status === 'fulfilled') asked += 1;
        else expect(['refund.too_much', 'return.already_refunded']).toContain((each.reason as { code?: string }).code);
      }
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
    await tellFigure('race: refund against refund', `${rounds.length} rounds, ${asked} asked, 0 beyond what was paid`);
  });

  it('a refund of the channel and an entry of the same unit make one return', { timeout: 600_000 }, async () => {
    for (const name of rounds) {
      const order = await world.sellAndShip(name, [['listing-1', 1]]);
      const [shown, entered] = await Promise.allSettled([
        world.readAgain(name, { refunds: [shownRefund('r-1', 1_000, [[`${name}/1`, 1]])] }),
        world.enter(order, [1]),
      ]);
      expect(shown.status).toBe('fulfilled');
      if (entered.status === 'rejected') expect(entered.reason).toMatchObject({ code: 'return.more_than_shipped' });
      expect(await world.returnsOf(order.orderId)).toMatchObject([{ units: 1, refunds: [{ externalId: 'r-1' }] }]);
    }
    await tellFigure('race: return against refund', `${rounds.length} rounds, one return each`);
  });
});

describe('the database refuses by itself', () => {
  it('a unit that would be decided twice', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 1]]);
    const { returnId } = await world.enter(order, [1]);
    const found = await world.returned(returnId);
    const [line] = found.lines;
    if (line === undefined) throw new Error('no line');
    const decided = { ...line, decision: 'scrap', quantity: 2, warehouseId: null, note: null } as const;
    expect(await constraintOf(database.run((ctx) => writeDecisions(ctx, found, [decided])))).toBe(
      'return_lines_decided_fit',
    );
  });

  it('more units in returns than have left', async () => {
    const order = await world.sellAndShip('A', [['listing-2', 2]]);
    const naive = database.run((ctx) =>
      rows(ctx.tx, sql`update order_line_parts set returned = returned + 18 where order_id = ${order.orderId}`),
    );
    expect(await constraintOf(naive)).toBe('order_line_parts_returned_fits');
  });

  it('a second judgement of one refund', async () => {
    const order = await world.sellAndShip('A', [['listing-1', 1]]);
    await world.readAgain('A', { refunds: [shownRefund('r-1', 1_000, [['A/1', 1]])] });
    const again = database.run((ctx) =>
      rows(
        ctx.tx,
        sql`insert into return_refunds (id, order_id, external_id, state, amount_minor, lines, created_at, updated_at)
            values (${newId()}, ${order.orderId}, 'r-1', 'made', 1, '[]', ${ctx.now}, ${ctx.now})`,
      ),
    );
    expect(await constraintOf(again)).toBe('return_refunds_external_id');
  });
});

/** A shipped order of two lines with odd amounts, and what comes back of it, part by part. */
const anyStory = fc
  .record({
    lines: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 })),
    amounts: fc.tuple(fc.integer({ min: 100, max: 9_999 }), fc.integer({ min: 100, max: 9_999 })),
    shippingMinor: fc.integer({ min: 0, max: 990 }),
    discountMinor: fc.integer({ min: 0, max: 50 }),
  })
  .chain((order) => {
    const units = [...Array<number>(order.lines[0]).fill(0), ...Array<number>(order.lines[1]).fill(1)];
    return fc.record({
      order: fc.constant(order),
      shuffled: fc.shuffledSubarray(units, { minLength: units.length }),
      sizes: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: units.length, maxLength: units.length }),
      shippingAt: fc.nat(2),
    });
  });

describe('any sequence of returns that covers an order', () => {
  it(
    'is paid back to the last minor unit of its total, and every unit comes in once',
    { timeout: 60_000 },
    async () => {
      let serial = 0;
      const story = async ({ order: sold, shuffled, sizes, shippingAt }: StoryOf<typeof anyStory>) => {
        serial += 1;
        const order = await sellOdd(`S${serial}`, sold);
        const before = await world.onHand();
        const amounts: number[] = [];
        let at = 0;
        for (const [index, size] of sizes.entries()) {
          const part = shuffled.slice(at, at + size);
          at += size;
          if (part.length === 0) break;
          amounts.push(
            await returnUnits(order, part, index === shippingAt || (at >= shuffled.length && index < shippingAt)),
          );
        }
        expect(amounts.reduce((sum, each) => sum + each, 0)).toBe(order.totalMinor);
        const after = await world.onHand();
        expect(after).toEqual([before[0] + sold.lines[0], before[1] + sold.lines[1] * 6]);
      };
      await fc.assert(fc.asyncProperty(anyStory, story), { numRuns: 6 });
    },
  );
});

type StoryOf<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Story> ? Story : never;

async function sellOdd(externalId: string, sold: StoryOf<typeof anyStory>['order']): Promise<OrderDetail> {
  const { lines, amounts, shippingMinor, discountMinor } = sold;
  const { orderId } = await world.sell(externalId, [], {
    lines: lines.map((quantity, index) =>
      soldLine(`${externalId}/${index}`, {
        quantity,
        amountMinor: amounts[index] ?? 0,
        listingExternalId: `listing-${index + 1}`,
      }),
    ),
    shipping: shippingMinor === 0 ? [] : [{ externalId: 's', title: 'Parcel', amountMinor: shippingMinor, taxes: [] }],
    discounts:
      discountMinor === 0
        ? []
        : [{ code: null, title: 'Coupon', amountMinor: discountMinor, fundedBy: 'seller', lineExternalId: null }],
    totalMinor: amounts[0] + amounts[1] + shippingMinor - discountMinor,
  });
  return ship(orderId);
}

async function ship(orderId: OrderId): Promise<OrderDetail> {
  await world.allocate();
  await world.ship(...(await world.parcels(orderId)));
  return world.order(orderId);
}

/** Returns units (the line of each), restocks them and asks for their money. */
async function returnUnits(order: OrderDetail, units: readonly number[], includesShipping: boolean): Promise<number> {
  const lines = [0, 1].flatMap((index) => {
    const quantity = units.filter((line) => line === index).length;
    return quantity === 0 ? [] : [{ orderLineId: lineOf(order, index), quantity }];
  });
  const entry = { orderId: order.orderId, reason: 'any', lines, refund: null };
  const { returnId } = await database.run((ctx) => enterReturn(ctx, entry));
  await world.decideAll(returnId, 'restock');
  const wish = { ...wishOf({ includesShipping }), lines: null, returnId };
  return (await database.run((ctx) => askReturnRefund(ctx, wish))).amountMinor;
}
