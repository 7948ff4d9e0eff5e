import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createOutgoing, type Outgoing } from './create-outgoing.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let server: Server;
let origin: string;
let answer: Answer;
let hits = 0;
let connections = 0;
let listed: Outgoing;
const unlisted = createOutgoing({ privateOrigins: [] });

beforeAll(async () => {
  server = createServer((request, response) => {
    hits += 1;
    answer(request, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const named = origin.replace('127.0.0.1', 'localhost');
  listed = createOutgoing({ privateOrigins: [origin, named], connectTimeoutMs: 2_000 });
});
afterEach(() => {
  hits = 0;
  connections = 0;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await listed.close();
  await unlisted.close();
});

const json: Answer = (_request, response) => {
  response.setHeader('content-type', 'application/json').end('{"ok":true}');
};
const refused = expect.objectContaining({ kind: 'forbidden', code: 'outgoing.address_refused' });

describe('the guard', () => {
  test('lets a listed private origin through, by address and by name', async () => {
    answer = json;
    const response = await listed.fetchFor()(`${origin}/a`);
    expect([response.status, await response.json(), response.url]).toEqual([200, { ok: true }, `${origin}/a`]);
    const named = await listed.fetchFor()(`${origin.replace('127.0.0.1', 'localhost')}/a`);
    expect(named.status).toBe(200);
  });

  test('refuses a private address that is not listed: literal, by name, by another port, by a Request', async () => {
    answer = json;
    const port = new URL(origin).port;
    const fetch = unlisted.fetchFor();
    for (const host of ['127.0.0.1', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]', 'localhost']) {
      await expect(fetch(`http://${host}:${port}/`)).rejects.toEqual(refused);
    }
    await expect(fetch(new Request(`${origin}/`))).rejects.toEqual(refused);
    await expect(listed.fetchFor()('http://127.0.0.1:8/')).rejects.toEqual(refused);
    expect([hits, connections]).toEqual([0, 0]);
  });

  test('refuses another origin than the one it was made for', async () => {
    answer = json;
    const fetch = listed.fetchFor({ origin: 'https://shop.example' });
    await expect(fetch(`${origin}/`)).rejects.toMatchObject({ code: 'outgoing.other_origin' });
    expect(hits).toBe(0);
  });

  test('refuses what is no http URL, and credentials in a URL', async () => {
    for (const url of [
      'file:///etc/passwd',
      'ftp://shop.example/',
      'data:text/plain,a',
      '/a',
      'http://u:p@shop.example/',
      'http://shop.example:6000/',
    ]) {
      await expect(unlisted.fetchFor()(url)).rejects.toMatchObject({ code: 'outgoing.bad_url' });
    }
  });

  test('guards a bare fetch too once it guards the process', async () => {
    const undo = unlisted.guardProcess();
    try {
      await expect(fetch(`http://localhost:${new URL(origin).port}/`)).rejects.toMatchObject({ cause: refused });
    } finally {
      undo();
    }
  });
});

describe('redirects', () => {
  test('to another origin are not followed: the answer is the redirect', async () => {
    answer = (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
    const response = await listed.fetchFor()(`${origin}/a`);
    expect(response.status).toBe(302);
    expect(hits).toBe(1);
  });

  test('within the origin are followed for a read, at most five times', async () => {
    answer = (request, response) => {
      if (request.url === '/end') json(request, response);
      else response.writeHead(302, { location: request.url === '/a' ? '/end' : '/loop' }).end();
    };
    const response = await listed.fetchFor()(`${origin}/a`, { headers: { 'x-kept': '1' } });
    expect(response.status).toBe(200);
    hits = 0;
    expect((await listed.fetchFor()(`${origin}/loop`)).status).toBe(302);
    expect(hits).toBe(6);
  });

  test('of a write, or when the caller says so, are not followed', async () => {
    answer = (_request, response) => response.writeHead(307, { location: '/b' }).end();
    expect((await listed.fetchFor()(`${origin}/a`, { method: 'POST', body: 'x' })).status).toBe(307);
    expect((await listed.fetchFor()(`${origin}/a`, { redirect: 'manual' })).status).toBe(307);
    expect(hits).toBe(2);
  });
});

describe('limits', () => {
  test('a body over its limit fails while it is read, also when it is small on the wire', async () => {
    const big = gzipSync(Buffer.alloc(1_000_000));
    answer = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(big);
    const response = await listed.fetchFor({ bodyBytesMax: 100_000 })(`${origin}/a`);
    await expect(response.text()).rejects.toMatchObject({ kind: 'too_large', code: 'outgoing.too_large' });
    const whole = await listed.fetchFor({ bodyBytesMax: 1_000_000 })(`${origin}/a`);
    expect((await whole.arrayBuffer()).byteLength).toBe(1_000_000);
  });

  test('no answer in time is unavailable for a read and unknown for a write', async () => {
    answer = () => undefined;
    const fetch = listed.fetchFor({ timeoutMs: 60 });
    await expect(fetch(`${origin}/a`)).rejects.toMatchObject({ kind: 'unavailable', code: 'outgoing.timed_out' });
    await expect(fetch(`${origin}/a`, { method: 'POST' })).rejects.toMatchObject({ kind: 'outcome_unknown' });
  });

  test('a body that stops in the middle is over its time too', async () => {
    answer = (_request, response) => response.writeHead(200, { 'content-length': '10' }).write('12345');
    const whole = listed
      .fetchFor({ timeoutMs: 300 })(`${origin}/a`)
      .then((response) => response.text());
    await expect(whole).rejects.toMatchObject({ code: 'outgoing.timed_out' });
  });

  test('a connection that breaks is unknown for a write; one that was never made is unavailable', async () => {
    answer = (request) => request.socket.destroy();
    const put = { method: 'PUT', body: 'x' };
    await expect(listed.fetchFor()(`${origin}/a`, put)).rejects.toMatchObject({ kind: 'outcome_unknown' });
    const closed = await closedOrigin();
    const nobody = createOutgoing({ privateOrigins: [closed] });
    await expect(nobody.fetchFor()(closed, put)).rejects.toMatchObject({ kind: 'unavailable' });
    await nobody.close();
  });

  test('the caller that gives up gets its own reason back', async () => {
    answer = () => undefined;
    const controller = new AbortController();
    const asked = listed.fetchFor()(`${origin}/a`, { signal: controller.signal });
    const reason = new Error('the worker shuts down');
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });
});

test('a body is sent whole and with its length', async () => {
  let seen: unknown = null;
  answer = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen = [request.method, request.headers['content-length'], Buffer.concat(chunks).toString()];
      response.writeHead(204).end();
    });
  };
  const response = await listed.fetchFor()(new URL('/a', origin), { method: 'POST', body: '{"a":1}' });
  expect([response.status, response.body]).toEqual([204, null]);
  expect(seen).toEqual(['POST', '7', '{"a":1}']);
});

test('msw stands in front of it, without a look at the name', async () => {
  const mocked = setupServer(http.get('https://shop.example/a', () => HttpResponse.json({ mocked: true })));
  mocked.listen({ onUnhandledRequest: 'error' });
  try {
    const response = await unlisted.fetchFor({ origin: 'https://shop.example' })('https://shop.example/a');
    expect(await response.json()).toEqual({ mocked: true });
  } finally {
    mocked.close();
  }
});

/** An origin of this machine where nobody listens any more. */
async function closedOrigin(): Promise<string> {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await new Promise((resolve) => other.close(resolve));
  return `http://127.0.0.1:${port}`;
}
