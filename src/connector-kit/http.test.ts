import { describe, expect, it } from 'vitest';
import { Fault } from '../kernel/index.ts';
import { ChannelFault, type ChannelFaultKind } from './channel-fault.ts';
import type { ConnectorIo } from './connector.ts';
import { requestJson, type ChannelRequest } from './http.ts';
import { retryAfterMs } from './http-status.ts';

const now = new Date('2026-03-01T08:00:00.000Z');

function ioFor(fetch: typeof globalThis.fetch, signal = new AbortController().signal): ConnectorIo<null> {
  return { settings: null, fetch, now, signal, log: { debug: () => undefined, warn: () => undefined } };
}

const read: ChannelRequest = { method: 'GET', url: 'http://shop.test/', intent: 'read' };
const write: ChannelRequest = { method: 'POST', url: 'http://shop.test/', intent: 'write', body: {} };

async function kindOf(fetch: typeof globalThis.fetch, request: ChannelRequest): Promise<ChannelFaultKind | 'none'> {
  return (await faultOf(fetch, request))?.kind ?? 'none';
}

async function faultOf(fetch: typeof globalThis.fetch, request: ChannelRequest): Promise<ChannelFault | null> {
  try {
    await requestJson(ioFor(fetch), request);
    return null;
  } catch (error) {
    if (error instanceof ChannelFault) return error;
    throw error;
  }
}

const answer =
  (status: number, body = '{}', headers: Record<string, string> = {}): typeof globalThis.fetch =>
  async () =>
    new Response(body, { status, headers });

const failing =
  (error: unknown): typeof globalThis.fetch =>
  () =>
    Promise.reject(error instanceof Error ? error : new Error('failed'));

describe('a JSON request', () => {
  it('keeps big ids and decimals as they were written', async () => {
    const { json } = await requestJson(ioFor(answer(200, '{"id":12345678901234567890,"price":24.990,"n":3}')), read);
    expect(json).toEqual({ id: '12345678901234567890', price: '24.990', n: 3 });
  });

  it('sends its body as JSON and does not follow redirects', async () => {
    const seen: Request[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      seen.push(new Request(input, init));
      return new Response('{}');
    };
    await requestJson(ioFor(fetch), { ...write, body: { a: '1' }, headers: { authorization: 'key' } });
    const [sent] = seen;
    expect(await sent?.text()).toBe('{"a":"1"}');
    expect([sent?.redirect, sent?.headers.get('content-type'), sent?.headers.get('authorization')]).toEqual([
      'manual',
      'application/json',
      'key',
    ]);
  });

  it('takes an empty 2xx for null', async () => {
    const { json } = await requestJson(
      ioFor(async () => new Response(null, { status: 204 })),
      read,
    );
    expect(json).toBeNull();
  });

  it.each([
    [302, 'rejected', 'rejected'],
    [400, 'rejected', 'rejected'],
    [401, 'unauthorised', 'unauthorised'],
    [403, 'unauthorised', 'unauthorised'],
    [404, 'not_found', 'not_found'],
    [408, 'unavailable', 'outcome_unknown'],
    [409, 'conflict', 'conflict'],
    [422, 'rejected', 'rejected'],
    [429, 'rate_limited', 'rate_limited'],
    [500, 'unavailable', 'outcome_unknown'],
    [502, 'unavailable', 'outcome_unknown'],
    [503, 'unavailable', 'unavailable'],
    [504, 'unavailable', 'outcome_unknown'],
  ] as const)('maps %i to %s for a read and %s for a write', async (status, forRead, forWrite) => {
    expect(await kindOf(answer(status), read)).toBe(forRead);
    expect(await kindOf(answer(status), write)).toBe(forWrite);
  });

  it('does not know the outcome of a write whose answer is lost, cut, unreadable or too long', async () => {
    const cut = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.from('{"a'));
        controller.error(new Error('reset'));
      },
    });
    const losses: (typeof globalThis.fetch)[] = [
      failing(new DOMException('timed out', 'TimeoutError')),
      failing(new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) })),
      answer(200, '<html>'),
      async () => new Response(cut),
    ];
    for (const fetch of losses.slice(0, 3)) expect(await kindOf(fetch, read)).toBe('unavailable');
    for (const fetch of losses) expect(await kindOf(fetch, write)).toBe('outcome_unknown');
    const long = answer(200, JSON.stringify('x'.repeat(100)));
    expect(await kindOf(long, { ...write, responseBytesMax: 102 })).toBe('none');
    expect(await kindOf(long, { ...write, responseBytesMax: 101 })).toBe('outcome_unknown');
  });

  it('knows that a write was not made when no connection was', async () => {
    for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT']) {
      const error = new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
      expect(await kindOf(failing(error), write)).toBe('unavailable');
    }
    expect(await kindOf(failing(new Fault('forbidden', 'outgoing.address_refused')), write)).toBe('rejected');
  });

  it('gives up by its own time-out and by the signal of the call', async () => {
    const never: typeof globalThis.fetch = (input, init) =>
      new Promise((_, reject) => {
        const { signal } = new Request(input, init);
        if (signal.aborted) reject(new Error('aborted'));
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    expect(await kindOf(never, { ...write, timeoutMs: 5 })).toBe('outcome_unknown');
    await expect(requestJson(ioFor(never, AbortSignal.abort()), read)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it("reads the vendor's own reason where the connector knows how", async () => {
    const body = '{"error":{"code":"sold_out"}}';
    const rejection: NonNullable<ChannelRequest['rejection']> = (status, json) =>
      status === 422 ? { code: JSON.stringify(json), detail: 'd' } : new ChannelFault({ kind: 'unauthorised' });
    const fault = await faultOf(answer(422, body), { ...read, rejection });
    expect(fault?.reason).toEqual({ kind: 'rejected', code: body, detail: 'd' });
    expect(await kindOf(answer(400), { ...read, rejection })).toBe('unauthorised');
  });
});

describe('Retry-After', () => {
  it('is read as seconds or as a date, and is null when absent or unreadable', () => {
    expect(retryAfterMs('7', now)).toBe(7_000);
    expect(retryAfterMs('0.5', now)).toBe(500);
    expect(retryAfterMs('Sun, 01 Mar 2026 08:00:30 GMT', now)).toBe(30_000);
    expect(retryAfterMs('Sun, 01 Mar 2026 07:00:00 GMT', now)).toBe(0);
    expect([retryAfterMs(null, now), retryAfterMs('soon', now)]).toEqual([null, null]);
  });
});
