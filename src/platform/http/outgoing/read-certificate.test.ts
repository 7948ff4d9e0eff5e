import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { readCertificate } from './read-certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'wharf-tls-'));
const open: { server: Server; sockets: Set<Socket> }[] = [];
const never = new AbortController().signal;
const dayMs = 86_400_000;

afterEach(closeAll);

async function closeAll(): Promise<void> {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  open.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function openssl(...words: string[]): Buffer {
  return execFileSync('openssl', words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
}

const hasOpenssl = ((): boolean => {
  try {
    return openssl('version').length > 0;
  } catch {
    console.warn('no openssl here: no certificate can be made, and none is read');
    return false;
  }
})();

/** A certificate that signs itself and lasts so many days from now; one of minus one day has ended. */
function makeCertificate(name: string, days: number): { key: Buffer; cert: Buffer } {
  const request = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=127.0.0.1'];
  openssl('req', ...request, '-keyout', `${name}.key`, '-out', `${name}.csr`);
  const sign = ['-req', '-in', `${name}.csr`, '-signkey', `${name}.key`, '-out', `${name}.crt`];
  openssl('x509', ...sign, '-days', String(days));
  return { key: readFileSync(join(folder, `${name}.key`)), cert: readFileSync(join(folder, `${name}.crt`)) };
}

describe.runIf(hasOpenssl)('of a server that speaks TLS', () => {
  test.each([
    ['lasts', 90, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['ends soon', 3, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['has ended', -1, 'CERT_HAS_EXPIRED'],
  ])('a certificate that %s is read, and why this machine does not trust it', async (_what, days, trustError) => {
    const origin = await listen(createTlsServer(makeCertificate(`of${days}`, days)));
    const { validTo, ...read } = await readCertificate(origin, true, never);
    expect(Math.round((validTo.getTime() - Date.now()) / dayMs)).toBe(days);
    expect(read).toEqual({ trustError });
  });

  test('at a private address it is not read, unless that address may be private', async () => {
    const server = createTlsServer(makeCertificate('private', 90));
    const origin = await listen(server);
    const greeted = new Promise((resolve) => server.once('connection', resolve));
    await expect(readCertificate(origin, false, never)).rejects.toMatchObject({ code: 'outgoing.address_refused' });
    await readCertificate(origin, true, never);
    await greeted;
  });
});

describe('of a server that does not', () => {
  test('plain HTTP is a failed handshake', async () => {
    const origin = await listen(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    await expect(readCertificate(origin, true, never)).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_SSL/),
    });
  });

  test('one that hangs is left when whoever asks gives up, and its connection is closed', async () => {
    const giveUp = new AbortController();
    let closed: Promise<unknown> = Promise.resolve();
    const server = createServer((socket) => {
      closed = once(socket.resume(), 'close');
      giveUp.abort();
    });
    const origin = await listen(server);
    await expect(readCertificate(origin, true, giveUp.signal)).rejects.toThrow('aborted');
    await closed;
  });

  test('nobody at the port is the refusal of the connection', async () => {
    const origin = await listen(createServer());
    await closeAll();
    await expect(readCertificate(origin, true, never)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
