import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../src/kernel/index.ts';
import type { WebhookRequest } from '../../src/connector-kit/index.ts';
import { createSandbox, type Sandbox } from './fake/index.ts';
import { sandbox as connector } from './index.ts';
import { toChannelOrder } from './plants/plain-order.ts';

const { webhooks } = connector;

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

type Hub = { url: string; received: WebhookRequest[]; answers: number[] };

/** A receiver on loopback that answers as told, 200 when nothing is left to tell. */
async function listen(): Promise<Hub> {
  const hub: Hub = { url: '', received: [], answers: [] };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
      hub.received.push({ method: 'POST', url: request.url ?? '', headers, rawBody: Buffer.concat(chunks) });
      response.writeHead(hub.answers.shift() ?? 200).end();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  hub.url = `http://127.0.0.1:${address.port}/hooks`;
  return hub;
}

async function register(sandbox: Sandbox, url: string): Promise<void> {
  const headers = { authorization: `Bearer ${sandbox.apiKey}` };
  const init = { method: 'POST', headers, body: JSON.stringify({ url }) };
  expect((await sandbox.fetch(new Request('http://shop.test/api/webhooks', init))).status).toBe(201);
}

function verify(sandbox: Sandbox, request: WebhookRequest): ReturnType<typeof webhooks.verify> {
  const { apiKey, webhookSecret } = sandbox;
  return webhooks.verify({ baseUrl: 'http://shop.test', apiKey, webhookSecret }, request, sandbox.clock.now());
}

function buyOne(sandbox: Sandbox): string {
  return sandbox.placeOrder({ lines: [{ listingId: sandbox.state.listings[0]?.id ?? '', quantity: 1 }] }).id;
}

describe('a webhook of the sandbox', () => {
  it('comes over HTTP, is signed, and carries the whole order with its version', async () => {
    const hub = await listen();
    const sandbox = createSandbox();
    await register(sandbox, hub.url);
    const orderId = buyOne(sandbox);
    await sandbox.webhooks.settled();
    expect(hub.received).toHaveLength(1);
    const [request] = hub.received;
    const verified = request === undefined ? null : verify(sandbox, request);
    expect(verified).toMatchObject({
      topic: 'order',
      externalId: orderId,
      document: { externalId: orderId, version: '1' },
    });
    expect(toChannelOrder(verified?.document?.body ?? '').externalId).toBe(orderId);
  });

  it('is sent again, signed anew under the same key, until it is taken', async () => {
    const hub = await listen();
    hub.answers.push(500, 503);
    const clock = manualClock(new Date('2026-03-01T08:00:00.000Z'));
    const sandbox = createSandbox({ clock: { now: clock.now, sleep: async (ms) => clock.advance(ms) } });
    await register(sandbox, hub.url);
    buyOne(sandbox);
    await sandbox.webhooks.settled();
    expect(hub.received).toHaveLength(3);
    expect(new Set(hub.received.map((request) => verify(sandbox, request)?.dedupeKey)).size).toBe(1);
    expect(new Set(hub.received.map(({ headers }) => headers.get('sandbox-signature'))).size).toBeGreaterThan(1);
  });

  it('is dropped, repeated and reordered when told', async () => {
    const hub = await listen();
    const sandbox = createSandbox();
    await register(sandbox, hub.url);
    sandbox.setFaults({ webhooksDrop: 1, webhooksRepeat: 2 });
    buyOne(sandbox);
    const repeated = buyOne(sandbox);
    await sandbox.webhooks.settled();
    expect(hub.received.map((request) => verify(sandbox, request)?.externalId)).toEqual([repeated, repeated, repeated]);
    hub.received.length = 0;
    sandbox.setFaults({ webhooksRepeat: 0, webhooksReorder: true });
    sandbox.annotateOrder(repeated, 'first');
    await sandbox.webhooks.settled();
    expect(hub.received).toEqual([]);
    sandbox.annotateOrder(repeated, 'second');
    await sandbox.webhooks.settled();
    const versions = hub.received.map((request) => verify(sandbox, request)?.document?.version);
    expect(new Set(versions)).toEqual(new Set(['2', '3']));
  });

  it('ends its attempts when the shop closes', async () => {
    const sandbox = createSandbox({ fetch: () => Promise.reject(new Error('nobody there')) });
    await register(sandbox, 'http://127.0.0.1:9/hooks');
    buyOne(sandbox);
    sandbox.close();
    await sandbox.webhooks.settled();
    expect(sandbox.webhooks.events()).toHaveLength(1);
  });

  it('of another kind is ignored, and one that cannot be read is kept under its hash', () => {
    const sandbox = createSandbox();
    const sign = (body: string): WebhookRequest => ({
      method: 'POST',
      url: '/hooks',
      headers: sandbox.webhooks.headers({ id: 'evt_1', body }),
      rawBody: Buffer.from(body),
    });
    expect(verify(sandbox, sign('{"id":"evt_1","event":"app.updated","order":null}'))?.topic).toBe('ignored');
    expect(verify(sandbox, sign('not json'))?.dedupeKey).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});
