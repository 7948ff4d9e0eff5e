import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';

let server: Server;
let proxy: TcpProxy;
const heard: Socket[] = [];

beforeAll(async () => {
  // Says everything again.
  server = createServer((socket) => {
    heard.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => socket.write(chunk));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await openTcpProxy({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
});
afterEach(() => {
  proxy.release();
  proxy.delay(0);
  for (const socket of heard.splice(0)) socket.destroy();
});
afterAll(async () => {
  await proxy.close();
  server.close();
});

async function call(): Promise<Socket> {
  const socket = connect({ host: proxy.host, port: proxy.port });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function echo(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
}

const nothing = (): Promise<string> => new Promise((resolve) => setTimeout(() => resolve('nothing'), 100));

it('carries both ways, in order', async () => {
  const socket = await call();
  expect(await echo(socket, 'one')).toBe('one');
  proxy.delay(20);
  expect(await echo(socket, 'two')).toBe('two');
  socket.destroy();
});

it('forgets connections without closing them, and carries new ones', async () => {
  const old = await call();
  await echo(old, 'known');
  expect(proxy.forget()).toBe(1);
  expect(await Promise.race([echo(old, 'lost'), nothing()])).toBe('nothing');
  expect(old.destroyed).toBe(false);
  heard[0]?.end('the other side ends');
  expect(await Promise.race([once(old, 'end'), nothing()])).toBe('nothing');
  const fresh = await call();
  expect(await echo(fresh, 'new')).toBe('new');
  for (const socket of [old, fresh]) socket.destroy();
});

it('holds everything back, and lets it go on later', async () => {
  const socket = await call();
  await echo(socket, 'first');
  proxy.hold();
  const answer = echo(socket, 'late');
  expect(await Promise.race([answer, nothing()])).toBe('nothing');
  proxy.release();
  expect(await answer).toBe('late');
  socket.destroy();
});

it('cuts connections on both sides', async () => {
  const socket = await call();
  await echo(socket, 'here');
  const gone = new Promise((resolve) => socket.once('close', resolve));
  expect(proxy.cut()).toBe(1);
  await gone;
});
