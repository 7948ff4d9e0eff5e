import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manualClock, systemClock } from './clock.ts';

const start = new Date('2026-01-01T00:00:00.000Z');

test('a manual clock moves only when told to', () => {
  const clock = manualClock(start);
  expect(clock.now()).toEqual(start);
  clock.advance(1_500);
  expect(clock.now().toISOString()).toBe('2026-01-01T00:00:01.500Z');
});

test('changing a date that was handed out does not move the clock', () => {
  const clock = manualClock(start);
  clock.now().setFullYear(1999);
  expect(clock.now()).toEqual(start);
});

test('sleepers wake in the order of their times, each once its time has come', async () => {
  const waits = fc.array(fc.nat(100), { minLength: 1, maxLength: 10 });
  const property = fc.asyncProperty(waits, fc.nat(120), async (delays, stepMs) => {
    const clock = manualClock(start);
    const woken: number[] = [];
    const sleeps = delays.map((ms) => clock.sleep(ms).then(() => woken.push(ms)));
    clock.advance(stepMs);
    await Promise.resolve();
    expect(woken).toEqual(delays.filter((ms) => ms <= stepMs).toSorted((a, b) => a - b));
    clock.advance(100);
    await Promise.all(sleeps);
    expect(woken).toHaveLength(delays.length);
  });
  await fc.assert(property, { numRuns: 200 });
});

test('a sleep of the manual clock ends with its signal', async () => {
  const clock = manualClock(start);
  const stop = new AbortController();
  const sleep = clock.sleep(1_000, stop.signal);
  stop.abort(new Error('stopping'));
  await expect(sleep).rejects.toThrow('stopping');
  await expect(clock.sleep(1_000, stop.signal)).rejects.toThrow('stopping');
});

test('a sleep of the system clock ends with its signal', async () => {
  const stop = new AbortController();
  const sleep = systemClock.sleep(60_000, stop.signal);
  stop.abort(new Error('stopping'));
  await expect(sleep).rejects.toThrow('stopping');
  await expect(systemClock.sleep(60_000, stop.signal)).rejects.toThrow('stopping');
});

test('a sleep of the system clock passes', async () => {
  await expect(systemClock.sleep(1)).resolves.toBeUndefined();
});
