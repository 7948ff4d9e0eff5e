import { connect, type Socket } from 'node:net';

/** Raw keep-alive HTTP/1.1 with as little work of its own as there can be: it shares two cores with what it measures. */
export type Gun = {
  /** Sends one request, as bytes, on a connection that is free; waits for one where none is. Answers with the status. */
  fire(request: Uint8Array): Promise<number>;
  close(): void;
};

type Shot = { readonly request: Uint8Array; resolve(status: number): void; reject(error: Error): void };
type Barrel = { readonly socket: Socket; shot: Shot | null; answer: string };

/** The server may close a connection that nobody used for a while: another one takes its place. */
export async function openGun(origin: string, connections: number): Promise<Gun> {
  const { hostname, port } = new URL(origin);
  const free: Barrel[] = [];
  const waiting: Shot[] = [];
  let isClosed = false;
  const load = (barrel: Barrel): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(barrel);
    else send(barrel, next);
  };
  const mount = async (): Promise<Barrel> => {
    const barrel = await openBarrel(hostname, Number(port));
    const { socket } = barrel;
    socket.on('data', (chunk: string) => {
      barrel.answer += chunk;
      const status = statusOfWhole(barrel.answer);
      if (status === null || barrel.shot === null) return;
      const { resolve } = barrel.shot;
      Object.assign(barrel, { shot: null, answer: '' });
      load(barrel);
      resolve(status);
    });
    const takeDown = (): void => {
      if (free.includes(barrel)) free.splice(free.indexOf(barrel), 1);
    };
    socket.on('error', () => undefined);
    socket.on('end', takeDown);
    socket.on('close', () => {
      takeDown();
      barrel.shot?.reject(new Error('the server closed the connection'));
      if (!isClosed) void mount().then(load, () => undefined);
    });
    return barrel;
  };
  free.push(...(await Promise.all(Array.from({ length: connections }, mount))));
  return {
    fire: (request) =>
      new Promise((resolve, reject) => {
        const shot = { request, resolve, reject };
        const barrel = free.pop();
        if (barrel === undefined) waiting.push(shot);
        else send(barrel, shot);
      }),
    close() {
      isClosed = true;
      for (const { socket } of free) socket.destroy();
    },
  };
}

function send(barrel: Barrel, shot: Shot): void {
  barrel.shot = shot;
  barrel.socket.write(shot.request);
}

function openBarrel(host: string, port: number): Promise<Barrel> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true }, () => resolve({ socket, shot: null, answer: '' }));
    socket.setEncoding('latin1');
    socket.once('error', reject);
  });
}

/** Null while the answer is not whole. The hub's answers carry a length or come in chunks. */
function statusOfWhole(answer: string): number | null {
  const head = answer.indexOf('\r\n\r\n');
  if (head === -1) return null;
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer.slice(0, head))?.[1];
  const isWhole = length === undefined ? answer.endsWith('\r\n0\r\n\r\n') : answer.length >= head + 4 + Number(length);
  return isWhole ? Number(answer.slice(9, 12)) : null;
}

/** One POST as bytes. `host` as in the header. */
export function postBytes(path: string, host: string, headers: Headers, body: string): Buffer {
  const bytes = Buffer.from(body, 'utf8');
  const lines = [`POST ${path} HTTP/1.1`, `host: ${host}`, `content-length: ${bytes.byteLength}`];
  headers.forEach((value, name) => lines.push(`${name}: ${value}`));
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), bytes]);
}
