import assert from 'node:assert/strict';
import { compareBytes } from '../../../kernel/index.ts';
import type { AnnounceCommand } from '../../connector.ts';
import { expectFault, onBench, type Bench } from '../bench.ts';
import type { ConformanceHarness, PlacedOrder } from '../harness.ts';
import { unitsOf } from '../units.ts';

const writesMax = 20;
const losses = ['lose_answer', 'lose_request'] as const;
type Loss = (typeof losses)[number];

/**
 * Case 7. Each write of a call in turn is lost, its answer or the request itself: the connector reports outcome_unknown,
 * and the same call again leaves one package (refund, cancel) on the channel, never two, never none.
 */
export async function timeOutAfterCommit(harness: ConformanceHarness): Promise<void> {
  await onBench(harness, async (bench) => {
    for (const loss of losses) {
      await eachWriteLost(loss, (write) => announceLosing(bench, loss, write));
      await eachWriteLost(loss, (write) => refundLosing(bench, loss, write));
      await eachWriteLost(loss, (write) => cancelLosing(bench, loss, write, null));
      await eachWriteLost(loss, (write) => cancelLosing(bench, loss, write, 2));
    }
    await twoAlikeParcels(bench);
  });
}

/** `run` answers how many writes its call made, or null where the capability is absent. */
async function eachWriteLost(loss: Loss, run: (write: number) => Promise<number | null>): Promise<void> {
  let lost = 0;
  for (let write = 1; write <= writesMax; write += 1) {
    const writes = await run(write);
    if (writes === null) return;
    if (writes < write) {
      assert.ok(lost > 0, `no write was lost by ${loss}: isWrite of the harness never says true`);
      return;
    }
    lost += 1;
  }
  assert.fail(`one call made more than ${writesMax} writes`);
}

/** Runs a call with its nth write lost; when it was lost, runs it once more. Gives the writes of the first run. */
async function losing(
  bench: Bench,
  loss: Loss,
  write: number,
  what: string,
  call: () => Promise<unknown>,
): Promise<number> {
  bench.chaos.set({ kind: loss, write });
  const first = await call().then(
    () => null,
    (error: unknown) => error,
  );
  const writes = bench.chaos.writes();
  bench.chaos.set(null);
  if (writes < write) {
    if (first !== null) throw first;
  } else {
    const rethrow = (): Promise<never> => Promise.reject(first instanceof Error ? first : new Error('succeeded'));
    assert.notEqual(first, null, `${what} succeeded although write ${write} was lost (${loss})`);
    await expectFault('outcome_unknown', `${what} with write ${write} lost (${loss})`, rethrow);
  }
  bench.world.advance(1_000);
  await call();
  return writes;
}

async function announceLosing(bench: Bench, loss: Loss, write: number): Promise<number | null> {
  const { shipments } = bench.connector;
  if (shipments === undefined) return null;
  const placed = await bench.world.placeOrder({ lines: [{ quantity: 3 }, { quantity: 1 }] });
  const command = parcel(bench, placed, 0, `ref-${loss}-${write}`, `TRACK-${loss}-${write}`);
  const writes = await losing(bench, loss, write, 'announceShipment', () =>
    shipments.announceShipment(bench.io(), command),
  );
  const answer = await shipments.announceShipment(bench.io(), command);
  const shown = bench.world.packagesOf(placed.externalId);
  assert.deepEqual(
    shown,
    [{ externalId: answer.externalId, trackingNumber: command.trackingNumber }],
    'not one package',
  );
  const order = bench.translate(await bench.read(placed.externalId));
  assert.deepEqual(
    order.packages.map(({ externalId, trackingNumber, state }) => ({ externalId, trackingNumber, state })),
    [{ externalId: answer.externalId, trackingNumber: command.trackingNumber, state: 'shipped' }],
  );
  return writes;
}

/** A parcel of one unit, the nth of the order. */
function parcel(
  bench: Bench,
  placed: PlacedOrder,
  unit: number,
  reference: string,
  trackingNumber: string,
): AnnounceCommand {
  return {
    orderExternalId: placed.externalId,
    packageReference: reference,
    trackingNumber,
    carrier: 'DHL',
    trackingUrl: null,
    shippedAt: bench.world.now(),
    lines: unitsOf(placed, unit, 1),
  };
}

/** Two parcels of the same units of the same line are two packages: only the same parcel is found again. */
async function twoAlikeParcels(bench: Bench): Promise<void> {
  const { shipments } = bench.connector;
  if (shipments === undefined) return;
  const placed = await bench.world.placeOrder({ lines: [{ quantity: 3 }] });
  for (const number of [1, 2, 1, 2]) {
    const command = parcel(bench, placed, number, `parcel-${number}`, `ALIKE-${number}`);
    await shipments.announceShipment(bench.io(), command);
  }
  const shown = bench.world.packagesOf(placed.externalId).map(({ trackingNumber }) => trackingNumber ?? '');
  assert.deepEqual(
    shown.toSorted(compareBytes),
    ['ALIKE-1', 'ALIKE-2'],
    'two alike parcels of one order are not two packages',
  );
}

async function refundLosing(bench: Bench, loss: Loss, write: number): Promise<number | null> {
  const { refundOrder } = bench.connector.orders;
  if (refundOrder === undefined) return null;
  const placed = await bench.world.placeOrder({ lines: [{ quantity: 2, unitPrice: '20.00' }] });
  const refund = (requestId: string): Promise<{ externalId: string }> =>
    refundOrder(bench.io(), {
      orderExternalId: placed.externalId,
      amountMinor: 700,
      currency: placed.currency,
      reason: 'damaged',
      lines: [],
      requestId,
    });
  const writes = await losing(bench, loss, write, 'refundOrder', () => refund(`request-1-${loss}-${write}`));
  const shown = bench.world.refundsOf(placed.externalId).map(({ amountMinor }) => amountMinor);
  assert.deepEqual(shown, [700], 'one refund request did not pay exactly once');
  await refund(`request-2-${loss}-${write}`);
  assert.equal(
    bench.world.refundsOf(placed.externalId).length,
    2,
    'a second request of the same amount was taken for the first',
  );
  return writes;
}

async function cancelLosing(bench: Bench, loss: Loss, write: number, units: number | null): Promise<number | null> {
  const { cancelOrder } = bench.connector.orders;
  if (cancelOrder === undefined) return null;
  const placed = await bench.world.placeOrder({ lines: [{ quantity: 5 }] });
  const lines = units === null ? null : unitsOf(placed, 0, units);
  const command = { orderExternalId: placed.externalId, lines, reason: 'buyer asked' };
  const writes = await losing(bench, loss, write, 'cancelOrder', () => cancelOrder(bench.io(), command));
  assert.equal(
    bench.world.cancelledUnitsOf(placed.externalId),
    units ?? 5,
    'other units are cancelled than were asked for',
  );
  return writes;
}
