import { expect, test } from 'vitest';
import { Fault, type FaultKind } from '../../../kernel/index.ts';
import { retrying } from './retrying.ts';

const quick = { signal: new AbortController().signal, delayMsMin: 1, delayMsMax: 5 };

function failing(kind: FaultKind, times: number, retryAfterMs = 0) {
  let attempts = 0;
  return {
    attempts: () => attempts,
    call: () => {
      attempts += 1;
      if (attempts <= times) return Promise.reject(new Fault(kind, 'test.failed', { retryAfterMs }));
      return Promise.resolve(attempts);
    },
  };
}

test('a transient fault is tried again until it works', async () => {
  for (const kind of ['unavailable', 'rate_limited'] as const) {
    const { call } = failing(kind, 2);
    expect(await retrying(call, quick)).toBe(3);
  }
});

test('an unknown outcome and every other fault is thrown at once', async () => {
  for (const kind of ['outcome_unknown', 'invalid', 'forbidden', 'conflict', 'internal'] as const) {
    const { call, attempts } = failing(kind, 9);
    await expect(retrying(call, quick)).rejects.toMatchObject({ kind });
    expect(attempts()).toBe(1);
  }
  let attempts = 0;
  const broken = (): Promise<never> => Promise.reject(new Error(`no fault ${(attempts += 1)}`));
  await expect(retrying(broken, quick)).rejects.toThrow('no fault 1');
});

test('attempts are bounded', async () => {
  const { call, attempts } = failing('unavailable', 99);
  await expect(retrying(call, { ...quick, retriesMax: 2 })).rejects.toMatchObject({ kind: 'unavailable' });
  expect(attempts()).toBe(3);
});

test('a Retry-After that is too long for a caller to wait is thrown at once', async () => {
  const { call, attempts } = failing('rate_limited', 9, 60_000);
  await expect(retrying(call, quick)).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: 60_000 });
  expect(attempts()).toBe(1);
});

test('the signal ends the waiting and reaches the running attempt', async () => {
  const controller = new AbortController();
  const reason = new Error('the worker shuts down');
  let seen: AbortSignal | null = null;
  const running = retrying(
    (signal) => {
      seen = signal;
      return Promise.reject(new Fault('unavailable', 'test.failed'));
    },
    { signal: controller.signal, delayMsMin: 60_000, delayMsMax: 60_000 },
  );
  await Promise.resolve();
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
  expect(seen).toMatchObject({ aborted: true, reason });
});
