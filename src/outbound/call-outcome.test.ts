import { describe, expect, it } from 'vitest';
import { ChannelFault } from '../connector-kit/index.ts';
import { Fault } from '../kernel/index.ts';
import { backOffMs, backOffMsMax, callOutcome } from './call-outcome.ts';

describe('outcome of a call', () => {
  it('a time-out leaves the outcome unknown until the channel can no longer apply it, and stops the other writes', () => {
    const outcome = callOutcome(new ChannelFault({ kind: 'outcome_unknown' }), 1, 15_000);
    expect(outcome).toMatchObject({ state: 'unknown', afterMs: 15_000, isShopWide: true });
  });

  it('a database that goes away in the midst of a call leaves the outcome unknown: it must be read back', () => {
    const outcome = callOutcome(new Fault('unavailable', 'database.unreachable'), 1, 15_000);
    expect(outcome).toMatchObject({ state: 'unknown', afterMs: 15_000 });
  });

  it('a rejection is refused and names the code of the channel', () => {
    const fault = new ChannelFault({ kind: 'rejected', code: 'ITEMS_ALREADY_FULFILLED_ERROR', detail: 'over' });
    expect(callOutcome(fault, 1, 0)).toMatchObject({
      state: 'refused',
      cause: { code: 'ITEMS_ALREADY_FULFILLED_ERROR' },
    });
  });

  it('a rate limit waits as long as the channel asks and stops the other writes of the shop', () => {
    const fault = new ChannelFault({ kind: 'rate_limited', retryAfterMs: 4_000 });
    expect(callOutcome(fault, 1, 0)).toMatchObject({ state: 'due', afterMs: 4_000, isShopWide: true });
  });

  it('an error of our own is refused without its text, which may carry personal data', () => {
    const outcome = callOutcome(new TypeError('Greta, Hauptstraße 5'), 1, 0);
    expect(outcome).toMatchObject({ state: 'refused', cause: { code: 'internal', detail: 'TypeError' } });
  });

  it('the back-off grows to its limit and never above it', () => {
    expect(backOffMs(0, () => 1)).toBe(1_000);
    expect(backOffMs(3, () => 0)).toBe(4_000);
    expect(backOffMs(60, () => 1)).toBe(backOffMsMax);
  });
});
