import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSockets, silenceMs } from './silent-server.ts';
import { isConnectionLost } from './sql-error.ts';

let server: Server;
let port: number;
let closedPort: number;

async function listen(): Promise<{ server: Server; port: number }> {
  // Takes connections and says nothing.
  const made = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
  await once(made, 'listening');
  return { server: made, port: (made.address() as AddressInfo).port };
}

beforeAll(async () => {
  ({ server, port } = await listen());
  const closed = await listen();
  closedPort = closed.port;
  closed.server.close();
  await once(closed.server, 'close');
});
afterAll(() => server.close());

const failureOf = (socket: Awaited<ReturnType<ReturnType<typeof openSockets>>>): Promise<unknown> =>
  new Promise((resolve) => socket.once('error', resolve));

describe('a connection to a server that falls silent', () => {
  it('is given up as lost', async () => {
    const socket = await openSockets(50)({ host: ['127.0.0.1'], port: [port] });
    const failure = await failureOf(socket);
    expect(isConnectionLost(failure)).toBe(true);
    expect(socket.destroyed).toBe(true);
  });

  it('is given up too where the driver has taken all listeners off, as it does for TLS', async () => {
    const socket = await openSockets(50)({ host: ['127.0.0.1'], port: [port] });
    await once(socket, 'connect');
    socket.removeAllListeners();
    expect(isConnectionLost(await failureOf(socket))).toBe(true);
  });

  it('is one to the next host each time', async () => {
    const open = openSockets(5_000);
    const address = { host: ['127.0.0.1', '127.0.0.1'], port: [closedPort, port] };
    const refused = await open(address);
    expect(await failureOf(refused)).toMatchObject({ code: 'ECONNREFUSED' });
    const taken = await open(address);
    await once(taken, 'connect');
    expect(taken.remotePort).toBe(port);
    taken.destroy();
  });

  it('has more patience than any statement or pause that the server itself would end', () => {
    expect(silenceMs(15_000)).toBeGreaterThan(30_000);
    expect(silenceMs(600_000)).toBeGreaterThan(600_000);
  });
});
