import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { quietLog, recordingLog } from '../../../test/support/quiet-log.ts';
import { coalesceRings } from './coalesce-rings.ts';

const windowMs = 100;
let sent: string[];
const doorbell = {
  add(lane: string) {
    sent.push(lane);
    return Promise.resolve();
  },
};

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
});
afterEach(() => {
  vi.useRealTimers();
});

test('many rings of a lane in one window make two: the first at once, the last at its end', async () => {
  const rings = coalesceRings(doorbell, windowMs, quietLog);
  for (let ring = 0; ring < 50; ring += 1) rings.ring('a');
  await vi.advanceTimersByTimeAsync(windowMs - 1);
  expect(sent).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual(['a', 'a']);
  await vi.advanceTimersByTimeAsync(10 * windowMs);
  expect(sent).toEqual(['a', 'a']);
});

test('lanes do not wait for each other', async () => {
  const rings = coalesceRings(doorbell, windowMs, quietLog);
  rings.ring('a');
  rings.ring('b');
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual(['a', 'b']);
});

test('a ring after a quiet window goes out at once', async () => {
  const rings = coalesceRings(doorbell, windowMs, quietLog);
  rings.ring('a');
  await vi.advanceTimersByTimeAsync(windowMs);
  rings.ring('a');
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual(['a', 'a']);
});

test('a ring that the queue refuses is logged and never thrown', async () => {
  const log = recordingLog();
  const refusing = {
    add(): Promise<void> {
      throw new Error('the queue is away');
    },
  };
  const rings = coalesceRings(refusing, windowMs, log);
  expect(() => rings.ring('a')).not.toThrow();
  await vi.advanceTimersByTimeAsync(0);
  expect(log.lines).toMatchObject([{ level: 'warn', fields: { lane: 'a' } }]);
});

test('closing sends what waits for the end of its window, and waits no longer than two seconds for a queue that hangs', async () => {
  const hanging = { add: (lane: string) => (sent.push(lane), new Promise<void>(() => undefined)) };
  const rings = coalesceRings(hanging, windowMs, quietLog);
  rings.ring('a');
  rings.ring('a');
  const closed = rings.close();
  await vi.advanceTimersByTimeAsync(2_000);
  await closed;
  expect(sent).toEqual(['a', 'a']);
  rings.ring('a');
  await vi.advanceTimersByTimeAsync(windowMs);
  expect(sent).toHaveLength(2);
});
