import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { webhookHeaders, type VerifiedWebhook, type WebhookRequest } from '../../src/connector-kit/index.ts';
import { customSettings, secretsAt } from './settings.ts';
import { webhooks } from './webhooks.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const settings = customSettings.parse({
  endpointUrl: 'https://store.test/wharf',
  shopName: 'Store',
  currency: 'EUR',
  signingSecret: secret,
});

function request(headers: Readonly<Record<string, string>>, body: string | Uint8Array): WebhookRequest {
  return { method: 'POST', url: '/hooks/key', headers: new Headers(headers), rawBody: Buffer.from(body) };
}

function verify(given: WebhookRequest, now: Date, with_ = settings): VerifiedWebhook | null {
  return webhooks.verify(with_, given, now);
}

const notice =
  '{"type":"order.cancelled","timestamp":"2026-03-01T08:00:00Z","data":{"externalId":"1","cancelledAt":"2026-03-01T08:00:00Z"}}';
const at = new Date('2026-03-01T08:00:30Z');
const good = (body: string = notice, secrets: readonly string[] = [secret], time = at): WebhookRequest =>
  request(webhookHeaders(secrets, { id: 'msg_1', body }, time), body);

describe('the signature', () => {
  it.each([
    {
      key: secret,
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      seconds: 1_614_265_330,
      body: '{"test": 2432232314}',
      signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    {
      key: 'whsec_plJ3nmyCDGBKInavdOK15jsl',
      id: 'msg_loFOjxBNrRLzqYUf',
      seconds: 1_731_705_121,
      body: '{"event_type":"ping","data":{"success":true}}',
      signature: 'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
    },
  ])('is the published one of $id, in both directions', ({ key, id, seconds, body, signature }) => {
    const time = new Date(seconds * 1000);
    expect(webhookHeaders([key], { id, body }, time)['webhook-signature']).toBe(signature);
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signature };
    const with_ = { ...settings, signingSecret: key };
    expect(verify(request(headers, body), time, with_)).not.toBeNull();
    expect(verify(request({ ...headers, 'webhook-id': `${id}x` }, body), time, with_)).toBeNull();
  });

  it('may be one of several, of other secrets and versions', () => {
    const other = 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=';
    const headers = webhookHeaders([secret], { id: 'msg_1', body: notice }, at);
    const many = [other, other.replace('v1', 'v1a'), headers['webhook-signature'], other.replace('v1', 'v2')].join(' ');
    expect(verify(request({ ...headers, 'webhook-signature': many }, notice), at)).not.toBeNull();
    expect(verify(request({ ...headers, 'webhook-signature': other }, notice), at)).toBeNull();
  });

  it('of the secret before is good while a rotation overlaps, and no longer', () => {
    const until = new Date(at.getTime() + 60_000);
    const rotated = webhooks.rotateSecret?.(settings, until);
    if (rotated === undefined) throw new Error('no rotation');
    const with_ = customSettings.parse(rotated.settings);
    expect(secretsAt(with_, at)).toEqual([rotated.secret, secret]);
    expect(verify(good(), at, with_)).not.toBeNull();
    expect(verify(good(notice, [rotated.secret]), at, with_)).not.toBeNull();
    expect(verify(good(notice, [secret], until), until, with_)).toBeNull();
  });

  it('verifies no mutation of what was signed', () => {
    const valid = good();
    expect(verify(valid, at)).not.toBeNull();
    const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
    const change = fc.oneof(
      fc.record({ kind: fc.constant('flip' as const), at: fc.nat(valid.rawBody.length * 8 - 1) }),
      fc.record({ kind: fc.constant('cut' as const), at: fc.nat(valid.rawBody.length - 1) }),
      fc.record({ kind: fc.constant('add' as const), byte: fc.nat(255) }),
      fc.record({ kind: fc.constant('drop' as const), name: fc.constantFrom(...names) }),
      fc.record({ kind: fc.constant('double' as const), name: fc.constantFrom(...names) }),
      fc.record({
        kind: fc.constant('head' as const),
        name: fc.constantFrom(...names),
        at: fc.nat(200),
        code: fc.integer({ min: 33, max: 126 }),
      }),
    );
    fc.assert(
      fc.property(change, (mutation) => {
        const mutated = mutate(valid, mutation);
        fc.pre(mutated !== null);
        return mutated === null || verify(mutated, at) === null;
      }),
      { numRuns: 2_000 },
    );
  });
});

type Mutation =
  | { kind: 'flip' | 'cut'; at: number }
  | { kind: 'add'; byte: number }
  | { kind: 'drop' | 'double'; name: string }
  | { kind: 'head'; name: string; at: number; code: number };

/** Null where the mutation changes nothing. */
function mutate(valid: WebhookRequest, mutation: Mutation): WebhookRequest | null {
  const headers = new Headers(valid.headers);
  let rawBody = Uint8Array.from(valid.rawBody);
  if (mutation.kind === 'flip') {
    const byte = Math.floor(mutation.at / 8);
    rawBody[byte] = (rawBody[byte] ?? 0) ^ (1 << (mutation.at % 8));
  }
  if (mutation.kind === 'cut') rawBody = rawBody.slice(0, mutation.at);
  if (mutation.kind === 'add') rawBody = Uint8Array.from([...rawBody, mutation.byte]);
  if (mutation.kind === 'drop') headers.delete(mutation.name);
  if (mutation.kind === 'double') headers.append(mutation.name, headers.get(mutation.name) ?? '');
  if (mutation.kind === 'head') {
    const before = headers.get(mutation.name) ?? '';
    const place = mutation.at % before.length;
    const after = before.slice(0, place) + String.fromCharCode(mutation.code) + before.slice(place + 1);
    if (after === before) return null;
    headers.set(mutation.name, after);
  }
  return { ...valid, headers, rawBody };
}

describe('a message', () => {
  const told = (type: string, data: unknown): VerifiedWebhook | null =>
    verify(good(JSON.stringify({ type, timestamp: '2026-03-01T07:59:00Z', data })), at);

  it('of a cancel alone says which order, when and why', () => {
    expect(verify(good(), at)).toMatchObject({
      topic: 'order',
      externalId: '1',
      document: null,
      cancel: { cancelledAt: '2026-03-01T08:00:00Z', reason: null },
    });
  });

  it('of a listing carries it whole', () => {
    const listing = told('listing.updated', { externalId: 'mug', title: 'Mug' });
    expect(listing).toMatchObject({ topic: 'listing', externalId: 'mug', toldAt: new Date('2026-03-01T07:59:00Z') });
    expect(JSON.parse(listing?.document?.body ?? '')).toMatchObject({ isActive: true, tracksStock: true, sku: null });
  });

  it('with a misspelt field of an order keeps its order’s name, for a person to see what is wrong', () => {
    expect(told('order.updated', { externalId: '7', currencey: 'EUR' })).toMatchObject({
      externalId: '7',
      document: { externalId: '7', version: null },
    });
  });

  it('of the hub, reflected, or of a later type is ignored', () => {
    for (const type of ['stock.updated', 'shipment.shipped', 'order.cancel_requested', 'cart.abandoned']) {
      expect(told(type, {})?.topic).toBe('ignored');
    }
  });

  it('of any JSON at all is taken or kept, and never an error', () => {
    const type = fc.constantFrom('order.created', 'order.cancelled', 'listing.updated', 'x');
    const bodies = fc.record({ type, timestamp: fc.constant('2026-03-01T07:59:00Z'), data: fc.jsonValue() });
    fc.assert(
      fc.property(bodies, (body) => verify(good(JSON.stringify(body)), at) !== null),
      { numRuns: 500 },
    );
  });

  it('that no database can hold is kept under its hash: a NUL, a year 0', () => {
    expect(told('listing.updated', { externalId: 'a\0', title: 'b' })?.dedupeKey).toMatch(/^sha256:/);
    const ancient = { externalId: '1', cancelledAt: '0000-01-01T00:00:00Z' };
    expect(told('order.cancelled', ancient)).not.toHaveProperty('cancel');
  });

  it('that is no message is kept under its hash', () => {
    expect(verify(good('{"type":'), at)).toMatchObject({ externalId: null, document: null });
    expect(told('order.updated', { number: 'no id' })?.dedupeKey).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});
