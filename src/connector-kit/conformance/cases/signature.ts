import assert from 'node:assert/strict';
import type { WebhookRequest } from '../../connector.ts';
import { onBench, type Bench } from '../bench.ts';
import type { ConformanceHarness, WorldWebhooks } from '../harness.ts';

/** Case 5. A good signature is accepted, up to its tolerance; anything else gives null. An unreadable body is kept. */
export async function badSignature(harness: ConformanceHarness): Promise<void> {
  await onBench(harness, async (bench) => {
    const { webhooks } = bench.world;
    assert.ok(webhooks !== undefined, 'the connector has webhooks and its harness has none');
    const placed = await bench.world.placeOrder({ lines: [{ quantity: 1 }] });
    const good = webhooks.sent().at(-1) ?? assert.fail('the fake sent no webhook for a placed order');
    const accepted = verify(bench, good);
    assert.ok(accepted !== null, 'a good signature was refused');
    assert.equal(accepted.externalId, placed.externalId, 'the webhook names another order');
    for (const [what, bad] of Object.entries(spoiled(bench, webhooks, good))) {
      assert.equal(verify(bench, bad), null, `accepted: ${what}`);
    }
    for (const bit of spreadBits(good.rawBody)) {
      assert.equal(verify(bench, { ...good, rawBody: flip(good.rawBody, bit) }), null, `accepted: bit ${bit} flipped`);
    }
    checkTolerance(bench, webhooks, good);
    const unreadable = verify(bench, webhooks.sign(Buffer.from('{"half":')));
    assert.ok(unreadable !== null, 'a well-signed body that cannot be read was refused');
    assert.equal(unreadable.externalId, null, 'a body that cannot be read names an order');
    assert.notEqual(unreadable.dedupeKey, '', 'a body that cannot be read has no dedupe key');
  });
}

function verify(
  bench: Bench,
  request: WebhookRequest,
): ReturnType<NonNullable<typeof bench.connector.webhooks>['verify']> {
  const { webhooks } = bench.connector;
  assert.ok(webhooks !== undefined);
  return webhooks.verify(bench.world.settings, request, bench.world.now());
}

function spoiled(bench: Bench, webhooks: WorldWebhooks, good: WebhookRequest): Record<string, WebhookRequest> {
  const name = webhooks.signatureHeader;
  const signature = good.headers.get(name) ?? assert.fail(`the fake's webhook has no header ${name}`);
  const other = webhooks.sign(good.rawBody, { secret: 'another secret of the same kind' });
  const last = signature.at(-1) === '0' ? '1' : '0';
  return {
    'no signature': withHeader(good, name, null),
    'an empty signature': withHeader(good, name, ''),
    'half a signature': withHeader(good, name, signature.slice(0, signature.length / 2)),
    'a signature with one more letter': withHeader(good, name, `${signature}0`),
    'a signature whose last letter is another': withHeader(good, name, signature.slice(0, -1) + last),
    'a signature of zeros': withHeader(good, name, '0'.repeat(signature.length)),
    'a signature twice': withHeader(good, name, `${signature}, ${signature}`),
    'a good signature behind a bad one': withHeader(good, name, `${'0'.repeat(signature.length)}, ${signature}`),
    'a signature with white space in it': withHeader(good, name, `${signature.slice(0, 9)} ${signature.slice(9)}`),
    'a signature in another case': withHeader(good, name, inAnotherCase(signature)),
    'a signature with a letter that looks alike': withHeader(good, name, signature.replace(/[a-z]/i, 'é')),
    'the signature of another secret': other,
    'the signature of an empty secret': webhooks.sign(good.rawBody, { secret: '\0' }),
    'an empty body under the signature of a full one': { ...good, rawBody: new Uint8Array() },
    'a body with a byte more': { ...good, rawBody: Buffer.concat([good.rawBody, Buffer.from(' ')]) },
  };
}

function inAnotherCase(text: string): string {
  return [...text]
    .map((letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()))
    .join('');
}

function checkTolerance(bench: Bench, webhooks: WorldWebhooks, good: WebhookRequest): void {
  if (webhooks.timestamp === null) return;
  const { header, toleranceMs, format } = webhooks.timestamp;
  const moved = withHeader(good, header, format(new Date(bench.world.now().getTime() + 2_000)));
  assert.equal(verify(bench, moved), null, 'accepted: the signed time changed');
  assert.equal(verify(bench, withHeader(good, header, null)), null, 'accepted: no signed time');
  const early = webhooks.sign(good.rawBody, { at: new Date(bench.world.now().getTime() + toleranceMs + 5_000) });
  assert.equal(verify(bench, early), null, 'accepted: signed in the future, beyond the tolerance');
  bench.world.advance(toleranceMs - 5_000);
  assert.ok(verify(bench, good) !== null, 'refused within the tolerance');
  bench.world.advance(10_000);
  assert.equal(verify(bench, good), null, 'accepted: replayed after the tolerance');
}

function withHeader(request: WebhookRequest, name: string, value: string | null): WebhookRequest {
  const headers = new Headers(request.headers);
  if (value === null) headers.delete(name);
  else headers.set(name, value);
  return { ...request, headers };
}

/** Up to 200 bits, spread over the body, the first and last included. */
function spreadBits(body: Uint8Array): number[] {
  const bits = body.length * 8;
  const step = Math.max(1, Math.floor(bits / 200));
  return [...new Set([...Array.from({ length: Math.ceil(bits / step) }, (_, index) => index * step), bits - 1])];
}

function flip(body: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(body);
  const at = Math.floor(bit / 8);
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit % 8));
  return copy;
}
