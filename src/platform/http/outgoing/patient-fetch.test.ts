import { describe, expect, it } from 'vitest';
import { Fault } from '../../../kernel/index.ts';
import { patientFetch } from './patient-fetch.ts';

/** Fails as scripted, then answers; counts the calls. */
function scripted(...faults: Fault[]): { fetch: typeof globalThis.fetch; calls: () => number } {
  let calls = 0;
  return {
    calls: () => calls,
    fetch: async () => {
      const fault = faults[calls];
      calls += 1;
      if (fault !== undefined) throw fault;
      return new Response('fine');
    },
  };
}

const away = (): Fault => new Fault('unavailable', 'outgoing.unreachable');

describe('a patient fetch', () => {
  it('bridges a blip of a read', async () => {
    const { fetch, calls } = scripted(away(), away());
    expect(await (await patientFetch(fetch)('https://shop.example/orders')).text()).toBe('fine');
    expect(calls()).toBe(3);
  });

  it('gives up on a channel that stays away', async () => {
    const { fetch, calls } = scripted(away(), away(), away(), away());
    await expect(patientFetch(fetch)('https://shop.example/orders')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(calls()).toBe(3);
  });

  it('makes a call that may change something once', async () => {
    const { fetch, calls } = scripted(away());
    await expect(patientFetch(fetch)('https://shop.example/refunds', { method: 'post' })).rejects.toThrow(Fault);
    expect(calls()).toBe(1);
  });

  it('does not repeat what was refused', async () => {
    const { fetch, calls } = scripted(new Fault('forbidden', 'outgoing.address_refused'));
    await expect(patientFetch(fetch)('https://shop.example/orders')).rejects.toMatchObject({ kind: 'forbidden' });
    expect(calls()).toBe(1);
  });

  it('stops when its caller does', async () => {
    const stopped = AbortSignal.abort(new Error('stopped'));
    const { fetch, calls } = scripted(away(), away());
    await expect(patientFetch(fetch)('https://shop.example/orders', { signal: stopped })).rejects.toThrow('stopped');
    expect(calls()).toBeLessThanOrEqual(1);
  });
});
