import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { documentOf, receiverOf, soldLine, soldOrder } from '../../../test/support/factories/channel-order.ts';
import {
  addSkus,
  connectPlainShop,
  createPlainChannel,
  listItems,
  plainDeps,
  stockUp,
} from '../../../test/support/factories/plain-channel.ts';
import { useDatabase } from '../../../test/support/database.ts';
import type { ShopDeps } from '../../channels/index.ts';
import type { ShopId } from '../../kernel/index.ts';
import { getOrder, orderChecks, type OrderDocument, type SoldOrder } from '../../orders/index.ts';
import { rows } from '../../platform/db/index.ts';
import { runCheck } from '../../platform/invariant/index.ts';
import { readDemand } from '../../stock/index.ts';
import { compareAge } from './judge-document.ts';
import { takeInOrders } from './take-in-orders.ts';

const database = useDatabase();
let deps: ShopDeps;
let shopId: ShopId;
let serial = 0;

beforeAll(async () => {
  deps = plainDeps(database, createPlainChannel());
  ({ shopId } = await connectPlainShop(database, deps));
  const skus = await addSkus(database, ['ANY-1', 'ANY-2']);
  await listItems(database, shopId, [
    { externalId: 'listing-1', ...(skus[0] === undefined ? {} : { skuId: skus[0] }) },
    { externalId: 'listing-2', ...(skus[1] === undefined ? {} : { skuId: skus[1] }), multiplier: 3 },
    { externalId: 'listing-3' },
  ]);
  await stockUp(database, [shopId], new Map(skus.map((skuId) => [skuId, 100_000])));
});

const line = (externalId: string) =>
  fc
    .record({
      quantity: fc.integer({ min: 1, max: 5 }),
      cancelled: fc.nat(5),
      fulfilled: fc.nat(5),
      amountMinor: fc.nat(10_000),
    })
    .map(({ quantity, cancelled, fulfilled, amountMinor }) =>
      soldLine(externalId, {
        listingExternalId: `listing-${externalId}`,
        quantity,
        cancelledQuantity: Math.min(cancelled, quantity),
        fulfilledQuantity: Math.min(fulfilled, Math.max(0, quantity - cancelled)),
        amountMinor,
      }),
    );

const state: fc.Arbitrary<Partial<SoldOrder>> = fc.record({
  lines: fc
    .tuple(line('1'), fc.option(line('2')), fc.option(line('3')))
    .map((lines) => lines.filter((each) => each !== null)),
  paymentState: fc.constantFrom('unpaid', 'authorised', 'paid'),
  cancelledAt: fc.constantFrom(null, null, '2026-11-20T12:00:00Z'),
  holds: fc.subarray(['fraud', 'approval'] as const),
  refunds: fc.array(fc.nat(500), { maxLength: 2 }).map((amounts) =>
    amounts.map((amountMinor, index) => ({
      externalId: `r${index}`,
      paymentExternalId: null,
      state: 'settled' as const,
      amountMinor,
      reason: null,
      at: null,
      lines: [],
    })),
  ),
  receiver: fc.constantFrom('Hamburg', 'Bremen').map((city) => receiverOf({ city })),
  totalMinor: fc.nat(20_000),
});

/** Documents of one order, told in any order, some several times, in batches of any size. */
const story = fc.array(state, { minLength: 1, maxLength: 5 }).chain((states) =>
  fc.record({
    states: fc.constant(states),
    arrivals: fc.shuffledSubarray([...states.keys(), ...states.keys()], { minLength: states.length * 2 }),
    batch: fc.integer({ min: 1, max: 4 }),
  }),
);

async function tell(documents: readonly OrderDocument[]): Promise<void> {
  await database.run((ctx) => takeInOrders(ctx, deps, shopId, documents));
}

/** All that matters of an order once its documents were applied: less its history. */
async function stateOf(externalId: string): Promise<unknown> {
  const [found] = await database.read((db) =>
    rows<{ id: Parameters<typeof getOrder>[1] }>(
      db,
      sql`select id from orders where shop_id = ${shopId} and external_id = ${externalId}`,
    ),
  );
  if (found === undefined) return null;
  const order = await database.read((db) => getOrder(db, found.id));
  const parts = order.lines.flatMap((each) => each.parts);
  const demand = await database.read((db) =>
    readDemand(
      db,
      parts.map((part) => part.partId),
    ),
  );
  const {
    totalMinor,
    linesMinor,
    residualMinor,
    refundedMinor,
    paymentState,
    fulfilmentState,
    cancelledAt,
    holds,
    receiver,
  } = order;
  return {
    facts: {
      totalMinor,
      linesMinor,
      residualMinor,
      refundedMinor,
      paymentState,
      fulfilmentState,
      cancelledAt,
      holds,
      receiver,
    },
    refunds: order.refunds.map((refund) => refund.amountMinor),
    lines: order.lines
      .map(
        ({
          externalId: id,
          quantity,
          cancelledQuantity,
          channelFulfilledQuantity,
          amountMinor,
          isWaiting,
          parts: own,
        }) => ({
          id,
          open: quantity - cancelledQuantity,
          channelFulfilledQuantity,
          amountMinor,
          isWaiting,
          units: own.map((part) => {
            const waiting = demand.get(part.partId);
            return {
              wanted: part.ordered - part.cancelled,
              elsewhere: part.shippedElsewhere,
              demand: waiting?.quantity,
              isHeld: waiting?.isHeld,
            };
          }),
        }),
      )
      .filter((each) => each.open > 0),
  };
}

describe('documents of an order', () => {
  it('end in the state of the newest alone, however they are told', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ states, arrivals, batch }) => {
        serial += 1;
        const of = (externalId: string): OrderDocument[] =>
          states.map((facts, index) => documentOf(soldOrder(externalId, facts), index));
        const told = of(`told-${serial}`);
        for (let from = 0; from < arrivals.length; from += batch) {
          await tell(arrivals.slice(from, from + batch).map((index) => told[index] as OrderDocument));
        }
        await tell([of(`alone-${serial}`).toSorted(compareAge).at(-1) as OrderDocument]);
        expect(await stateOf(`told-${serial}`)).toEqual(await stateOf(`alone-${serial}`));
      }),
      { numRuns: 40 },
    );
    for (const check of orderChecks) expect((await database.read((db) => runCheck(db, check))).differences).toEqual([]);
  }, 120_000);
});
