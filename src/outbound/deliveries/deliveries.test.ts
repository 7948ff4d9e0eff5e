import { describe, expect, it } from 'vitest';
import { ChannelFault, webhookRetryDelaysMs, type ChannelFaultReason } from '../../connector-kit/index.ts';
import { deliveryOutcome, retryDelayMs } from './index.ts';
import { withoutPersonalData } from './without-personal-data.ts';

const deliveries = { retryDelaysMs: webhookRetryDelaysMs };
const outcome = (reason: ChannelFaultReason, attempts: number) =>
  deliveryOutcome(new ChannelFault(reason), attempts, deliveries);
const refused: ChannelFaultReason = { kind: 'rejected', code: 'http_422', detail: 'HTTP 422' };

describe('a message that was not acknowledged', () => {
  it('is tried ten times over a little more than three days, each wait a tenth longer at most', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempts) => retryDelayMs(deliveries, attempts, () => 0));
    expect(waits.map((ms) => ms / 1000)).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]);
    expect(retryDelayMs(deliveries, 1, () => 0.9)).toBeLessThan(5_500);
    expect(retryDelayMs(deliveries, 40, () => 0)).toBe(86_400_000);
  });

  it('is refused for good only by a store that answers, once the schedule is used up', () => {
    expect(outcome(refused, 9)).toMatchObject({ state: 'due', isShopWide: false });
    expect(outcome(refused, 10)).toMatchObject({ state: 'refused' });
    expect(outcome({ kind: 'unavailable' }, 10)).toMatchObject({ state: 'due', isShopWide: true });
    expect(outcome({ kind: 'outcome_unknown' }, 50)).toMatchObject({ state: 'due' });
  });

  it('waits as long as it is asked to, and stays due where the store is gone', () => {
    expect(outcome({ kind: 'rate_limited', retryAfterMs: 60_000 }, 1).afterMs).toBe(60_000);
    expect(outcome({ kind: 'gone' }, 3)).toEqual({ state: 'due', afterMs: 0, isShopWide: true });
    expect(deliveryOutcome(new TypeError('a bug of ours'), 1, deliveries).state).toBe('refused');
  });
});

it('an answer is logged without addresses and phone numbers', () => {
  const answer = '{"error":"no stock for ada@example.com,\n+49 (30) 123-4567, code 42"}';
  expect(withoutPersonalData(answer, 300)).toBe('{"error":"no stock for (address), (number), code 42"}');
  expect(withoutPersonalData('x'.repeat(1_000), 300)).toHaveLength(300);
});
