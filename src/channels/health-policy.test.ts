import { expect, test } from 'vitest';
import { ChannelFault, retryAfterMsMax, type ChannelFaultReason } from '../connector-kit/index.ts';
import { breakerOpensAt, isShopWide, pauseAfterMs } from './health-policy.ts';

const down = new ChannelFault({ kind: 'unavailable' });

test('a back-off doubles, is shortened by at most a half, and never exceeds ten minutes', () => {
  const full = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1_000].map((failures) => pauseAfterMs(down, failures, 0) / 1_000);
  expect(full).toEqual([1, 2, 4, 8, 30, 60, 120, 240, 480, 600, 600]);
  expect(pauseAfterMs(down, 3, 0.999_999)).toBe(2_001);
});

test('the breaker opens within ten calls', () => {
  expect(breakerOpensAt).toBeLessThanOrEqual(10);
  expect(pauseAfterMs(down, breakerOpensAt, 0.999)).toBeGreaterThan(pauseAfterMs(down, breakerOpensAt - 1, 0));
});

test('what the channel asks for is waited, a little longer, up to our limit', () => {
  const asked = (retryAfterMs: number | null) => new ChannelFault({ kind: 'rate_limited', retryAfterMs });
  expect(pauseAfterMs(asked(7_000), 1, 0)).toBe(7_000);
  expect(pauseAfterMs(asked(7_000), 1, 0.5)).toBe(7_350);
  expect(pauseAfterMs(asked(86_400_000), 1, 0)).toBe(retryAfterMsMax);
  expect(pauseAfterMs(asked(null), 2, 0)).toBe(2_000);
  expect(pauseAfterMs(new ChannelFault({ kind: 'unauthorised' }), 1, 0)).toBe(retryAfterMsMax);
});

test('only faults of the channel as a whole count against it', () => {
  const reasons: readonly [ChannelFaultReason, boolean][] = [
    [{ kind: 'rate_limited', retryAfterMs: null }, true],
    [{ kind: 'unavailable' }, true],
    [{ kind: 'unauthorised' }, true],
    [{ kind: 'outcome_unknown' }, true],
    [{ kind: 'rejected', code: 'x', detail: 'y' }, false],
    [{ kind: 'not_found' }, false],
    [{ kind: 'conflict', detail: 'x' }, false],
    [{ kind: 'unknown_code', field: 'state', raw: 'x' }, false],
  ];
  for (const [reason, isWide] of reasons) expect(isShopWide(new ChannelFault(reason))).toBe(isWide);
});
