import assert from 'node:assert/strict';
import { expectFault, onBench, partOf, type Bench } from '../bench.ts';
import { readCalls, requestsMax, writeCalls, type Call } from '../calls.ts';
import type { ConformanceHarness, WorldSessions } from '../harness.ts';

const racers = 12;

/**
 * The channel ends the session: every call signs in once and goes on, also a write that was refused by it; twelve calls at the
 * same moment sign in once between them; a sign-in that fails is a fault, is not tried for ever, and spoils nothing later.
 */
export async function expiredAccess(harness: ConformanceHarness): Promise<void> {
  await onBench(harness, async (bench) => {
    const sessions = partOf('sessions', bench.world.sessions);
    const placed = await bench.world.placeOrder({ lines: [{ quantity: 4 }] });
    const calls = readCalls(bench, placed);
    for (const [, call] of calls) await call();
    for (const [what, call] of calls) await signsInOnce(sessions, what, call);
    await signsInOnce(sessions, `${racers} calls at the same moment`, () =>
      Promise.all(Array.from({ length: racers }, async (_, index) => calls[index % calls.length]?.[1]())),
    );
    for (const [what, call] of writeCalls(bench, placed)) await refusedAtTheWrite(bench, sessions, what, call);
    for (const [what, call] of calls) await failedSignIn(bench, sessions, what, call);
  });
}

async function signsInOnce(sessions: WorldSessions, what: string, call: Call[1]): Promise<void> {
  sessions.end();
  const before = sessions.signIns();
  await call();
  const signIns = sessions.signIns() - before;
  assert.equal(signIns, 1, `${what} after the session's end: signed in ${signIns} times, not once`);
}

/** The reads of the call still saw the session; its first write does not. */
async function refusedAtTheWrite(bench: Bench, sessions: WorldSessions, what: string, call: Call[1]): Promise<void> {
  const before = sessions.signIns();
  bench.chaos.set({ kind: 'meanwhile', write: 1, happens: () => sessions.end() });
  await call();
  assert.ok(bench.chaos.writes() > 0, `${what} wrote nothing`);
  bench.chaos.set(null);
  assert.equal(sessions.signIns() - before, 1, `${what}, whose session ended before its write, did not sign in once`);
}

async function failedSignIn(bench: Bench, sessions: WorldSessions, what: string, call: Call[1]): Promise<void> {
  for (const [status, kind] of [
    [401, 'unauthorised'],
    [503, 'unavailable'],
  ] as const) {
    sessions.end();
    bench.chaos.set({ kind: 'answer', status });
    await expectFault(kind, `${what} while signing in answers ${status}`, call);
    const requests = bench.chaos.requests();
    assert.ok(requests <= requestsMax, `${what} made ${requests} requests to sign in`);
    bench.chaos.set(null);
    await signsInOnce(sessions, `${what} after a sign-in that failed`, call);
  }
}
