import assert from 'node:assert/strict';
import { expectFault, onBench, type Bench } from '../bench.ts';
import { readCalls, requestsMax, writeCalls, type Call } from '../calls.ts';
import type { ConformanceHarness } from '../harness.ts';

/**
 * Every read and every write reports 429 with and without Retry-After, 5xx and a refused credential in the fixed vocabulary,
 * and works again as soon as the channel does. What a 500, 502 or 504 did to a write nobody knows; a 503 did nothing.
 */
export async function throttledAndUnavailable(harness: ConformanceHarness): Promise<void> {
  await onBench(harness, async (bench) => {
    const placed = await bench.world.placeOrder({ lines: [{ quantity: 4 }] });
    for (const [what, call] of readCalls(bench, placed)) {
      await throttled(bench, what, call);
      await answered(bench, 401, 'unauthorised', what, call);
      for (const status of [500, 502, 503, 504]) await answered(bench, status, 'unavailable', what, call);
      bench.chaos.set({ kind: 'cut' });
      await expectFault('unavailable', `${what} without a connection`, call);
      bench.chaos.set(null);
      await call();
    }
    for (const [what, call] of readCalls(bench, placed, bench.world.wrongSettings)) {
      bench.chaos.set(null);
      await expectFault('unauthorised', `${what} with a wrong credential`, call);
      assertNoLoop(bench, what);
    }
    await refusedWrites(bench);
  });
}

async function refusedWrites(bench: Bench): Promise<void> {
  const placed = await bench.world.placeOrder({ lines: [{ quantity: 4 }] });
  for (const [what, call] of writeCalls(bench, placed)) {
    bench.chaos.set({ kind: 'answer', status: 429 });
    await expectFault('rate_limited', `${what} under 429`, call);
    await throttled(bench, what, call, 'writes');
    await answered(bench, 401, 'unauthorised', what, call, 'writes');
    for (const status of [500, 502, 504]) await answered(bench, status, 'outcome_unknown', what, call, 'writes');
    await answered(bench, 503, 'unavailable', what, call, 'writes');
    bench.chaos.set(null);
    await call();
    assert.ok(bench.chaos.writes() > 0, `${what} wrote nothing: isWrite of the harness never says true`);
  }
}

async function throttled(bench: Bench, what: string, call: Call[1], to?: 'writes'): Promise<void> {
  const until = new Date(bench.world.now().getTime() + 9_000);
  until.setUTCMilliseconds(0);
  const waits: readonly (readonly [header: string | null, waitMs: number | null])[] = [
    ['7', 7_000],
    [until.toUTCString(), until.getTime() - bench.world.now().getTime()],
    [null, null],
  ];
  for (const [header, waitMs] of waits) {
    const headers = header === null ? {} : { 'retry-after': header };
    bench.chaos.set({ kind: 'answer', status: 429, headers, ...(to && { to }) });
    const { reason } = await expectFault('rate_limited', `${what} under 429`, call);
    const told = reason.kind === 'rate_limited' ? reason.retryAfterMs : assert.fail();
    assert.equal(told, waitMs, waitMs === null ? `${what} made up a wait` : `${what} lost Retry-After`);
    assertNoLoop(bench, `${what} under 429`);
  }
}

async function answered(
  bench: Bench,
  status: number,
  kind: 'unauthorised' | 'unavailable' | 'outcome_unknown',
  what: string,
  call: Call[1],
  to?: 'writes',
): Promise<void> {
  bench.chaos.set({ kind: 'answer', status, ...(to && { to }) });
  await expectFault(kind, `${what} under ${status}`, call);
  assertNoLoop(bench, `${what} under ${status}`);
}

function assertNoLoop(bench: Bench, what: string): void {
  const requests = bench.chaos.requests();
  assert.ok(requests <= requestsMax, `${what} made ${requests} requests: a refusal is for the hub to try again`);
}
